"""Runs the ONNX graph of an embedder: token ids in, vectors out. The only home of onnxruntime."""

"""The embedder's transformer as an ONNX graph, built from plain arrays. The only home of onnx."""

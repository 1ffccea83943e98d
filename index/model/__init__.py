"""The bundled network: packed weights, tokenizer, the engine that runs it, and the embedder.

Only the embedder turns texts into vectors. The learned layers that the pair model puts on top lie here as well.
"""

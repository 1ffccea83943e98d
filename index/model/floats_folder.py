"""The bundled weights as a folder in float32 that sentence-transformers opens: for training and benchmarks alone."""

from __future__ import annotations

import json
from pathlib import Path

from index.model.packed_weights import ModelSizes, PackedWeights

TRANSFORMERS_TOKENIZER_FILE = "tokenizer.json"
FLOATS_FILE = "model.safetensors"


def write_floats_folder(weights: PackedWeights, folder: Path, max_tokens: int) -> None:
    """Write weights, the tokenizer of transformers, and the small files that say how they belong together."""
    from index.model.transformers_tokenizer import build_transformers_tokenizer

    for name, content in _descriptions(weights.sizes, max_tokens).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    tokenizer = build_transformers_tokenizer(weights.vocabulary)
    tokenizer.save(str(folder / TRANSFORMERS_TOKENIZER_FILE), pretty=False)
    _write_floats(weights, folder / FLOATS_FILE)


def _write_floats(weights: PackedWeights, path: Path) -> None:
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    sizes = weights.sizes
    tensors = {_bert_name("emb.word"): weights.words.floats()}
    tensors |= {_bert_name(name): matrix.floats() for name, matrix in weights.matrices.items()}
    tensors |= {_bert_name(name): values for name, values in weights.floats.items()}
    for name, rows in (("position", sizes.positions), ("token_type", sizes.types)):
        key = f"embeddings.{name}_embeddings.weight"
        tensors[key] = tensors[key].reshape(rows, sizes.hidden)
    try:
        save_file(tensors, path, metadata={"format": "pt"})
    except SafetensorError as error:
        raise OSError(str(error)) from error


_BERT_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def _bert_name(packed: str) -> str:
    """The name that transformers gives a tensor: `l3.q.w` -> `encoder.layer.3.attention.self.query.weight`."""
    if packed in _BERT_NAMES:
        return _BERT_NAMES[packed]
    part, kind = packed.rsplit(".", 1)
    ending = {"w": "weight", "b": "bias"}[kind]
    if part in _BERT_NAMES:
        return f"{_BERT_NAMES[part]}.{ending}"
    layer, part = part.split(".")
    return f"encoder.layer.{layer[1:]}.{_BERT_NAMES[part]}.{ending}"


def _descriptions(sizes: ModelSizes, max_tokens: int) -> dict[str, object]:
    """The small files that make it a sentence-transformers folder, by path."""
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": _network(sizes),
        "tokenizer_config.json": _tokenizer(max_tokens),
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": max_tokens, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
    }


def _network(sizes: ModelSizes) -> dict[str, object]:
    """What kind of network it is, as transformers reads it."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.feed_forward,
        "layer_norm_eps": sizes.norm_epsilon,
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": 1,
        "position_embedding_type": "absolute",
        "tokenizer_class": "PreTrainedTokenizerFast",
        "torch_dtype": "float32",
        "type_vocab_size": sizes.types,
        "vocab_size": sizes.vocabulary,
    }


def _tokenizer(max_tokens: int) -> dict[str, object]:
    """How the tokenizer cuts, and which pieces have a meaning of their own."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_tokens,
        "padding_side": "right",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "cls_token": "<s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
    }

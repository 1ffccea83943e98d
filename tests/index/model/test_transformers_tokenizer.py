"""The tokenizer that transformers opens, which makes the same ids as the one that serves."""

from __future__ import annotations

from pathlib import Path

from index.model.packed_weights import find_packed_file, read_packed_file
from index.model.tokenizer import build_tokenizer, open_tokenizer
from index.model.transformers_tokenizer import build_transformers_tokenizer

SENTENCES = [
    "Masken schützen nicht vor Viren.",
    "„Wir haben 2,5 Mio. € verloren“, sagte sie – angeblich.",
    "5G towers spread COVID-19?! 😷 https://example.org/a?b=c",
    "مرحبا بالعالم 你好，世界 ñandú ﬁn ½",
    "zwei  Leerzeichen\tund ein Tab\nund eine Zeile",
    "Ⓗⓔⓛⓛⓞ　ｗｏｒｌｄ a\u0301 \u00a0 end",
]


def test_transformers_makes_the_same_ids_of_the_bundled_vocabulary(tmp_path: Path) -> None:
    vocabulary = read_packed_file(find_packed_file()).vocabulary
    (tmp_path / "file").write_bytes(build_tokenizer(vocabulary))
    theirs = build_transformers_tokenizer(vocabulary)
    assert open_tokenizer(tmp_path / "file").encode(SENTENCES, 512) == [theirs.encode(text).ids for text in SENTENCES]

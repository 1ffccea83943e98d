"""The file `tokenizer.json`, by which transformers opens the bundled model. The only home of tokenizers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.model.packed_weights import Vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_DROPPED = r"[\x00-\x08\x0B\x0E-\x1F\x7F\u008F\u009F]"
_SPACES = r"[\t\n\f\r\u1680\u200B-\u200F\u2028\u2029\u2581\uFEFF\uFFFD]"


def build_transformers_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """XLM-R's tokenizer, which makes the same ids as `index.model.tokenizer`."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_DROPPED), ""),
            normalizers.Replace(Regex(_SPACES), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            # Written in a text they are characters; the vocabulary would take them for the marks themselves.
            *(normalizers.Replace(f"{mark}>", f"{mark} >") for mark in ("</s", "<s", "<pad", "<unk", "<mask")),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    names = {place: vocabulary.pieces[place][0] for place in (vocabulary.bos, vocabulary.eos)}
    bos, eos = names[vocabulary.bos], names[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    special = [vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk, len(vocabulary.pieces) - 1]
    tokenizer.add_special_tokens(
        [AddedToken(vocabulary.pieces[place][0], special=True, normalized=False) for place in special]
    )
    return tokenizer

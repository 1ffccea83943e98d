"""Check-worthiness: what it is fitted to, how both sets of weights are written, and by what it is judged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from service.pipeline.checkworthiness import WEIGHTS_FILE
from training.pairs.corpus import read_families
from training.regression import probabilities
from training.sentences import fit
from training.sentences.fit import choosing_sentences, judging_sentences, labels_of, read_family_texts, read_sentences

DRAWN = np.random.default_rng(5)
FEATURES, EMBEDDED = DRAWN.normal(size=(400, 3)), DRAWN.normal(0.2, 0.05, (400, 5))
LABELS = (FEATURES[:, 0] + 20 * EMBEDDED[:, 1] + DRAWN.normal(size=400) > 4.5).astype(int)


def test_each_sentence_that_is_not_learned_from_chooses_or_judges() -> None:
    chooses, judges = ({text for text, _, _ in some} for some in (choosing_sentences(), judging_sentences()))
    everything = {text for text, _, _ in read_sentences("??.validation.tsv")}
    assert chooses | judges == everything
    assert not chooses & judges
    assert min(len(chooses), len(judges)) >= 0.45 * len(everything)
    assert not judges & {text for text, _, _ in read_sentences("??.tsv")}


def test_of_families_only_what_has_a_clear_label_is_learned_from() -> None:
    found = read_family_texts()
    kinds = {text.text: text.kind for family in read_families() for text in family.texts}
    assert {(kinds[text], label) for text, label, _ in found} == {
        ("news", 1), ("post", 1), ("negation", 1), ("question", 0),
    }  # fmt: skip


@pytest.mark.parametrize("line", ["2\tnews\tA sentence.", "1\tA sentence.", "A sentence."])
def test_a_malformed_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    (tmp_path / "en.tsv").write_text(f"1\tnews\tA sentence.\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(fit, "HERE", tmp_path)
    with pytest.raises(ValueError, match=r"^en\.tsv:2: "):
        read_sentences("??.tsv")


def test_what_is_written_needs_no_centre_to_say_the_same() -> None:
    worth = fit.fit(FEATURES, EMBEDDED, LABELS)
    said = worth.of(FEATURES, EMBEDDED)
    assert ((said >= fit.EVEN) == LABELS).mean() > 0.75
    assert ((probabilities(FEATURES, worth.features) >= fit.EVEN) == LABELS).mean() < (
        (said >= fit.EVEN) == LABELS
    ).mean()
    moved = fit.fit(FEATURES, EMBEDDED + 3.0, LABELS)
    assert moved.of(FEATURES, EMBEDDED + 3.0) == pytest.approx(said, abs=1e-6)


def test_it_is_written_as_the_service_reads_it() -> None:
    written = json.loads(fit.fit(FEATURES, EMBEDDED, LABELS).as_json())
    assert {name: len(values) for name, values in written.items()} == {
        "features": 4,
        "with_embedding": 4,
        "embedding": 5,
    }
    assert set(written) == set(json.loads(WEIGHTS_FILE.read_text(encoding="utf-8")))


def test_labels_are_those_of_the_file() -> None:
    assert labels_of([("a", 1, "de"), ("b", 0, "en")]).tolist() == [1, 0]


def test_the_figure_is_that_of_each_language(capsys: pytest.CaptureFixture[str]) -> None:
    sentences = [("a", 1, "de"), ("b", 0, "de"), ("c", 1, "en"), ("d", 0, "en")]
    fit.validate("judging", sentences, np.array([0.9, 0.1, 0.9, 0.9]))
    said = capsys.readouterr().out.splitlines()
    assert said == ["judging de: 2 sentences, macro F1 1.000", "judging en: 2 sentences, macro F1 0.333"]

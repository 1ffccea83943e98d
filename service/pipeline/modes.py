"""How the page puts a sentence: asserted, denied, reported or quoted, with the words that decided."""

"""Pictures: bytes -> an upright picture -> recognised lines -> reading order -> a text whose places are known."""

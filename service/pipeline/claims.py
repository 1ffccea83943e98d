"""Which sentences are claims worth checking: weighted features that can be explained, German and English."""

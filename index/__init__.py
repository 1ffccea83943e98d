"""What is already verified, and how to find it. No Flask and no network in here."""

import os

# Before numpy is loaded. Several threads wait for each other, spinning, whenever the machine has something else to do:
# comparing 110 vectors with each other took 35 ms on a busy one, and takes 0.2 ms on one thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

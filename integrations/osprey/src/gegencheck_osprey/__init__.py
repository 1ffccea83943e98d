"""UDFs for ROOST Osprey that ask a Gegencheck."""

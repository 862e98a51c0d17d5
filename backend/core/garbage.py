"""Looks for garbage seldom. Each program imports this first.

To start is to make a million things that stay: who looks among them after every few hundred, as
Python does, spends a sixth of the start on it, and later a part of each request.
"""

import gc

gc.set_threshold(50_000, 20, 100)

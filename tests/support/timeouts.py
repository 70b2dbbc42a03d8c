"""The time-outs of the tests, and the bounds on durations made from them.

A machine that tests may be ten times slower than the one on which a test was written. What must happen is
waited for with `PATIENCE`, which costs nothing where it happens; what must not be waited for hangs `FOREVER`,
so that a test which waits for it all the same is over its bound on any machine; and a promise in seconds,
measured on a quiet machine, is held to that many times `SLOWER`.
"""

from __future__ import annotations

SLOWER = 10
PATIENCE = 300.0  # seconds
FOREVER = 10 * PATIENCE

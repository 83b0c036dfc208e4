"""The fast path: whole updates in one compiled call, equal to the equations of `engine/cells` up to rounding.

Read it in this order: a cell (`lstm.py`: its equations forward and backward), `update.py` (how a whole update is made
of cells, head and rule), `product.py` and `tiles.py` (where the time goes). numba is imported only by those who use it.
"""

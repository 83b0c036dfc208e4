"""Which memory tasks are measured, with which networks, and what their papers report: one line a trial."""

from __future__ import annotations

from playground.bench.solving import Criterion, Trial, counted_to, loss, rate

BELOW_0_01 = Criterion(loss, 0.01, "MSE below 0.01", below=True)
TO_50 = Criterion(counted_to, 50.0, "right to n = 50")
TO_18 = Criterion(counted_to, 18.0, "right to n = 18")
NEARLY = Criterion(rate, 0.997, "99.7 % right")
GATED = ("lstm", "gru")
ALL = ("rnn", *GATED)
COUNTING = ("lstm", "peephole_lstm")

# fmt: off
TRIALS: tuple[Trial, ...] = (
    Trial("delayed-recall", {"distractors": (20, 20)}, ALL, expected=GATED, within=2.0),
    Trial("delayed-recall", {"distractors": (50, 50)}, ALL, expected=GATED, within=2.0),
    Trial("delayed-recall", {"distractors": (50, 50)}, ("guide_lstm",), updates=4000, look=50),
    Trial("delayed-recall", {"distractors": (100, 100)}, ALL, expected=GATED, within=2.0),
    Trial("temporal-order", {}, ALL, expected=GATED),
    Trial("temporal-order", {"marks": 3}, GATED, expected=GATED, updates=3000, paper="571,100 sequences at T = 100"),
    Trial("adding", {}, ("rnn", "lstm", "guide_lstm", "gru"), expected=GATED, criterion=BELOW_0_01),
    Trial("embedded-reber", {}, ALL, expected=GATED, look=50),
    Trial("continual-reber", {}, ("lstm",), expected=("lstm",), criterion=NEARLY, look=50),
    Trial("continual-reber", {}, ("lstm_1997",), criterion=NEARLY, updates=1000, look=250),
    Trial("anbn", {}, COUNTING, expected=COUNTING, criterion=TO_50, look=1000),
    Trial("anbncn", {}, COUNTING, expected=COUNTING, criterion=TO_18, look=1000),
    Trial("long-lag", {}, ALL, expected=("lstm",)),
    Trial("long-lag", {"lag": 100}, ("lstm",), expected=("lstm",)),
    Trial("copy", {}, ALL, look=100),
    Trial("parity", {}, ALL, expected=GATED),
    Trial("echo", {}, ALL, look=50),
)
# fmt: on

"""A slider for the forget-gate bias, beside it the half-life that a bias alone would give, and Apply."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QSlider, QWidget

from playground.contract.network_catalogue import network_keys
from playground.trace.memory import half_life_of_bias
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_words import half_life_number
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

LOWEST, HIGHEST, PER_ONE = -2, 6, 10
"""The slider's ends, and its positions for each 1 of bias."""


def timesteps_in_words(value: float) -> str:
    """ "5.5 timesteps", "1.0 timestep"."""
    number = half_life_number(value)
    return f"{number} timestep{'' if number == '1.0' else 's'}"


class BiasRuler(QWidget):
    """One line of controls. `moved(bias)` is called while the slider moves: the chart draws a line there."""

    def __init__(
        self,
        state: UiState,
        monitor: RunMonitor,
        moved: Callable[[float | None], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.state, self._monitor, self._moved = state, monitor, moved
        self.network = ""
        self.caption = QLabel("Forget-gate bias")
        self.question = WhatIsThis(state, "bias", self)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(LOWEST * PER_ONE, HIGHEST * PER_ONE)
        self.slider.setPageStep(PER_ONE)
        self.slider.setAccessibleName("Forget-gate bias of the next run")
        self.slider.setToolTip("What half-life would a bias alone give? PageUp and PageDown move by one.")
        self.value = QLabel("")
        self.value.setProperty("role", "value")
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.apply_button = QPushButton("Apply")
        self.apply_button.setProperty("kind", "pending")
        self.apply_button.setAccessibleName("Apply the bias to the next run")
        self.apply_button.setToolTip(
            "The next run begins with this bias. It waits in the experiment until you start it."
        )
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.caption, 0, 0)
        self._grid.addWidget(self.question, 0, 1)
        self._grid.addWidget(self.value, 0, 2)
        self._grid.addWidget(self.apply_button, 0, 4)
        self._grid.addWidget(self.slider, 1, 0, 1, 5)
        self._grid.addWidget(self.words, 2, 0, 1, 5)
        self._grid.setColumnStretch(3, 1)
        self.slider.valueChanged.connect(self._show)
        self.apply_button.clicked.connect(self._apply)
        self.rescale()

    @property
    def bias(self) -> float:
        """What the slider says."""
        return self.slider.value() / PER_ONE

    def show_network(self, network: str) -> None:
        """The ruler of this network: it begins at the bias of its settings. Hidden for one without such a gate."""
        gated = network in network_keys(gated=True)
        self.setVisible(gated)
        if gated and network != self.network:
            settings = self._monitor.experiment.network(network)
            self.slider.setValue(round(settings.forget_gate_bias * PER_ONE))
        self.network = network if gated else ""
        self._show()

    @Slot()
    def _show(self) -> None:
        if not self.network:
            self._moved(None)
            return
        bias = self.bias
        alone = half_life_of_bias(bias)
        self.value.setText(f"{bias:.1f}")
        self.slider.setAccessibleDescription(f"{bias:.1f}: alone a half-life of {timesteps_in_words(alone)}")
        settings = self._monitor.experiment.network(self.network)
        applied = settings.initialisation == "forget_bias" and math.isclose(settings.forget_gate_bias, bias)
        words = f"A bias of {bias:.1f} alone would keep half of a unit for {timesteps_in_words(alone)} (dashed line)."
        words += " This run began with it." if applied else ""
        if self.network == "gru":
            words += " In the GRU it is the update gate that keeps."
        self.words.setText(words)
        self.apply_button.setEnabled(not applied)
        self._moved(alone)

    @Slot()
    def _apply(self) -> None:
        title = network_title(self.network, self.state.vocabulary)
        self.state.propose(self.network, {"initialisation": "forget_bias", "forget_gate_bias": self.bias})
        self.state.set_status(
            f"The {title}'s forget-gate bias of {self.bias:.1f} waits for the next run: apply it on the Train page."
        )

    def rescale(self) -> None:
        """Take sizes from the theme again."""
        theme = self.state.theme
        self.question.rescale()
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(4))
        self.value.setMinimumWidth(theme.px(34))

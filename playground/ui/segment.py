"""Two or three choices side by side, of which one holds: guide or textbook."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from playground.ui.state import UiState


class Segment(QWidget):
    """`choices` are (key, title, teaching sentence). `chosen` tells the key the user chose."""

    chosen = Signal(str)

    def __init__(
        self,
        state: UiState,
        name: str,
        choices: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("segmentGround")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(name)
        self._row = QHBoxLayout(self)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, title, help_sentence in choices:
            button = QPushButton(title, self)
            button.setProperty("kind", "segment")
            button.setProperty("choice", key)
            button.setCheckable(True)
            button.setToolTip(help_sentence)
            button.setAccessibleName(f"{name}: {title}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons[key] = button
        self._group.buttonClicked.connect(self._clicked)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    def button(self, key: str) -> QPushButton:
        """The button of a choice."""
        return self._buttons[key]

    def show_choice(self, key: str) -> None:
        """Mark a choice as the one that holds; tells nobody."""
        self._buttons[key].setChecked(True)

    @Slot()
    def restyle(self) -> None:
        """Take sizes from the theme again."""
        margin = self._state.theme.px(3)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(self._state.theme.px(2))

    @Slot()
    def _clicked(self) -> None:
        button = self._group.checkedButton()
        if button is not None:
            self.chosen.emit(str(button.property("choice")))

"""How it is written: temperature, top-k, top-p, prompt, length, seed. Made from the settings' own descriptions."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from playground.contract.generation import GenerationSettings
from playground.contract.setting import setting_problem, setting_specs
from playground.ui.panels.form_fields import SettingRow
from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.state import UiState
from playground.ui.writing import Writing

PROMPT_TEACHES = "What the network reads first; it then goes on. Return writes."


class WritingSettings(Panel):
    """Takes effect with the next text; what is impossible is refused at its field.

    Where there is room, what a setting does stands below it, and not only in its tooltip.
    """

    def __init__(self, state: UiState, writing: Writing, parent: QWidget | None = None) -> None:
        super().__init__(state, "How it is written", parent)
        self._writing = writing
        self._draft: dict[str, Any] = {}
        self.prompt = QLineEdit()
        self.prompt.setPlaceholderText("Begin with …")
        self.prompt.setAccessibleName("Prompt")
        self.prompt.setToolTip(PROMPT_TEACHES)
        self.prompt.textEdited.connect(self._prompt_edited)
        self.prompt.returnPressed.connect(writing.write)
        self.helps: dict[str, QLabel] = {}
        self.body.addWidget(self.prompt)
        self._add_help("prompt")
        self.rows: dict[str, SettingRow] = {}
        defaults = GenerationSettings()
        for name, spec in setting_specs(defaults).items():
            row = SettingRow(state, name, spec, getattr(defaults, name), self._changed)
            self.rows[name] = row
            self.body.addWidget(row)
            self._add_help(name)
        self.notice = QLabel()
        self.notice.setProperty("role", "muted")
        self.notice.setWordWrap(True)
        self.notice.hide()
        self.body.addWidget(self.notice)
        self.body.addStretch(1)
        writing.samples_changed.connect(self.refresh)
        self.restyle()

    def _add_help(self, name: str) -> None:
        label = QLabel()
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        label.hide()
        self.helps[name] = label
        self.body.addWidget(label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Teach below the fields if all of it fits; half of it would look as if the rest needed no words."""
        theme = self.state.theme
        width = self.width() - 2 * theme.px(MARGIN)
        gap = self.body.spacing()
        fields = [
            self.title,
            self.prompt,
            *self.rows.values(),
            *([] if self.notice.isHidden() else [self.notice]),
        ]
        taken = sum(max(0, field.sizeHint().height()) + gap for field in fields) + 2 * theme.px(16)
        wanted = sum(label.heightForWidth(width) + gap for label in self.helps.values())
        for label in self.helps.values():
            label.setVisible(taken + wanted <= self.height())

    @Slot(str)
    def _prompt_edited(self, text: str) -> None:
        self._writing.set_settings(dataclasses.replace(self._writing.settings, prompt=text))

    def _changed(self, name: str, value: Any) -> None:
        self._draft[name] = value
        spec, default = self.rows[name].spec, getattr(GenerationSettings(), name)
        if setting_problem(spec, value, default) is None:
            del self._draft[name]
            self._writing.set_settings(dataclasses.replace(self._writing.settings, **{name: value}))
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the settings that hold, and those that cannot."""
        for name, row in self.rows.items():
            row.show_value(self._draft.get(name, getattr(self._writing.settings, name)))
        samples = self._writing.samples
        notice = samples[-1].generated.notice if samples else None
        self.notice.setText(notice or "")
        self.notice.setVisible(notice is not None)
        self._fit()

    def restyle(self) -> None:
        self.helps["prompt"].setText(PROMPT_TEACHES)
        for name, row in self.rows.items():
            row.restyle()
            self.helps[name].setText(row.spec.help[self.state.vocabulary])
        self.refresh()

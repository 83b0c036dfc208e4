"""The style sheet and the palette of the whole window, made from the theme: no colour or size is written twice.

Widgets choose their look by dynamic properties: QPushButton[kind="primary" | "plain" | "pending" | "segment" |
"flat" | "icon"], QLabel[role="page" | "title" | "heading" | "section" | "muted" | "sentence" | "mono" | "problem"].
"""

from __future__ import annotations

import string
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QDir, QRectF, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from playground.ui.theme import MONO_FONTS, UI_FONTS, Theme

_SHEET = string.Template(
    """
QWidget { font-family: $ui_fonts; font-size: ${body}px; color: $text; }
QMainWindow, QWidget#ground { background: $ground; }
QToolTip {
    background: $surface; color: $text; border: 1px solid $border_strong; padding: ${p6}px ${p8}px;
    font-size: ${text12}px;
}

QLabel { background: transparent; }
QLabel[role="page"] { font-size: ${p20}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${p17}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${p15}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${text11}px; font-weight: 600; color: $muted; letter-spacing: ${p05}px; }
QLabel[role="muted"] { color: $muted; font-size: ${text12}px; }
QLabel[role="sentence"] { color: $text; }
QLabel[role="mono"] { font-family: $mono_fonts; }
QLabel[role="problem"] { color: $danger_ink; font-size: ${text12}px; }
QLabel[role="value"] { font-weight: 500; }
QLabel[pending="true"] { color: $pending_ink; font-weight: 600; }
QLabel:disabled { color: $faint; }

QPushButton {
    background: $surface; color: $text; border: 1px solid $border; border-radius: ${p6}px;
    padding: ${p6}px ${p12}px; min-height: ${p18}px; font-weight: 500;
}
QPushButton:hover { border-color: $border_strong; background: $hover; }
QPushButton:pressed { background: $sunken; }
QPushButton:focus { border: ${p2}px solid $accent; padding: ${p5}px ${p11}px; }
QPushButton:disabled { color: $faint; background: $surface; border-color: $border; }
QPushButton::menu-indicator { image: none; width: 0px; }

QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: ${p2}px solid $text; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $faint; border-color: $border; }

QPushButton[kind="pending"] {
    background: $pending_soft; color: $pending_ink; border-color: $pending; font-weight: 600;
}
QPushButton[kind="pending"]:hover { background: $pending_hover; border-color: $pending; }
QPushButton[kind="pending"]:focus { border: ${p2}px solid $text; }
QPushButton[kind="pending"]:disabled { background: transparent; color: $faint; border-color: $border; }

QPushButton[kind="flat"] { background: transparent; border-color: transparent; }
QPushButton[kind="flat"]:hover { background: $hover_ground; border-color: transparent; }
QPushButton[kind="flat"]:pressed { background: $sunken; }
QPushButton[kind="flat"]:checked { background: $accent_soft; color: $accent_ink; }
QPushButton[kind="flat"]:focus { border: ${p2}px solid $accent; }
QPushButton[kind="flat"]:disabled { color: $faint; }

QPushButton[kind="icon"] {
    background: transparent; border: 1px solid transparent; padding: 0;
    min-width: ${p32}px; max-width: ${p32}px; min-height: ${p32}px; max-height: ${p32}px;
}
QPushButton[kind="icon"]:hover { background: $hover_ground; }
QPushButton[kind="icon"]:pressed { background: $border; }
QPushButton[kind="icon"]:checked { background: $accent_soft; }
QPushButton[kind="icon"]:focus { border: 1px solid $accent; padding: 0; }

QPushButton[kind="segment"] {
    background: $surface; border: 1px solid $border; color: $text; padding: ${p5}px ${p12}px;
}
QPushButton[kind="segment"]:hover { border-color: $border_strong; }
QPushButton[kind="segment"]:checked {
    background: $accent_soft; color: $accent_ink; border-color: $accent; font-weight: 600;
}
QPushButton[kind="segment"]:focus { border: ${p2}px solid $accent; padding: ${p4}px ${p11}px; }
QPushButton[kind="segment"]:disabled { color: $faint; border-color: $border; background: transparent; }

QWidget#segmentGround { background: $sunken; border-radius: ${p8}px; }
QWidget#segmentGround QPushButton[kind="segment"] {
    background: transparent; border: 1px solid transparent; color: $muted; border-radius: ${p6}px;
    padding: ${p4}px ${p12}px; min-height: ${p16}px; font-weight: 500;
}
QWidget#segmentGround QPushButton[kind="segment"]:hover { color: $text; }
QWidget#segmentGround QPushButton[kind="segment"]:checked {
    background: $raised; color: $text; border-color: $border; font-weight: 600;
}
QWidget#segmentGround QPushButton[kind="segment"]:focus {
    border: ${p2}px solid $accent; padding: ${p3}px ${p11}px;
}

QLineEdit, QSpinBox, QDoubleSpinBox, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $field_border; border-radius: ${p6}px;
    padding: ${p3}px ${p8}px; min-height: ${p18}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus {
    border: none; background: transparent; padding: 0; min-height: 0;
}
QLineEdit[kind="search"] { font-size: ${p15}px; min-height: ${p24}px; padding: ${p5}px ${p10}px; }
QLineEdit[kind="search"]:focus { padding: ${p4}px ${p9}px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $border_strong; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: ${p2}px solid $accent; padding: ${p2}px ${p7}px;
}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; }
QLineEdit[pending="true"], QAbstractSpinBox[pending="true"], QComboBox[pending="true"] {
    border: 1px solid $pending; color: $pending_ink;
}
QLineEdit[problem="true"], QAbstractSpinBox[problem="true"], QComboBox[problem="true"] {
    border: 1px solid $danger_ink; color: $danger_ink; background: $danger_soft;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    width: ${p16}px; border: none; background: transparent; margin-right: ${p2}px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url("$arrow_up"); width: ${p10}px; height: ${p10}px; }
QAbstractSpinBox::down-arrow { image: url("$arrow_down"); width: ${p10}px; height: ${p10}px; }
QComboBox::drop-down { border: none; width: ${p22}px; }
QComboBox::down-arrow { image: url("$arrow_down"); width: ${p12}px; height: ${p12}px; }
QComboBox QAbstractItemView {
    background: $surface; border: 1px solid $border_strong; padding: ${p4}px; outline: none;
    selection-background-color: $accent_soft; selection-color: $accent_ink;
}

QCheckBox, QRadioButton { spacing: ${p8}px; background: transparent; }
QCheckBox::indicator {
    width: ${p16}px; height: ${p16}px; border: 1px solid $border_strong; border-radius: ${p4}px; background: $field;
}
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox:focus { color: $accent_ink; }
QCheckBox::indicator:focus { border: ${p2}px solid $accent; }
QRadioButton::indicator {
    width: ${p14}px; height: ${p14}px; border: 1px solid $border_strong; border-radius: ${p8}px; background: $field;
}
QRadioButton::indicator:checked { border: ${p5}px solid $accent; width: ${p6}px; height: ${p6}px; }
QRadioButton:focus { color: $accent_ink; }

QSlider { background: transparent; }
QSlider:horizontal { min-height: ${p20}px; }
QSlider::groove:horizontal { height: ${p6}px; border-radius: ${p3}px; background: $sunken; }
QSlider::sub-page:horizontal { height: ${p6}px; border-radius: ${p3}px; background: $accent; }
QSlider::handle:horizontal {
    width: ${p12}px; height: ${p12}px; margin: -${p5}px 0; border-radius: ${p7}px; background: $accent;
    border: ${p2}px solid $surface;
}
QSlider::handle:horizontal:hover { background: $accent_hover; }
QSlider:focus { border: 1px solid $accent; border-radius: ${p6}px; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $border_strong; }

QProgressBar {
    background: $sunken; border: none; border-radius: ${p3}px; height: ${p6}px; max-height: ${p6}px; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: ${p3}px; }

QMenu { background: $surface; border: 1px solid $border_strong; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p24}px ${p6}px ${p12}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $accent_soft; color: $accent_ink; }
QMenu::item:disabled { color: $faint; }
QMenu::item:checked { font-weight: 600; }
QMenu::separator { height: 1px; background: $border; margin: ${p4}px ${p8}px; }

QListView { background: transparent; border: none; outline: none; }
QListView::item { border-radius: ${p6}px; }
QListView::item:selected { background: $accent_soft; color: $accent_ink; }

QTableView {
    background: $surface; border: 1px solid $border; gridline-color: $border; border-radius: ${p6}px;
}
QHeaderView::section {
    background: $sunken; color: $muted; border: none; border-right: 1px solid $border; padding: ${p4}px;
}

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { width: ${p10}px; background: transparent; margin: ${p2}px; }
QScrollBar:horizontal { height: ${p10}px; background: transparent; margin: ${p2}px; }
QScrollBar::handle { background: $border_strong; border-radius: ${p3}px; min-height: ${p24}px; min-width: ${p24}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: transparent; }
"""
)


def style_sheet(theme: Theme) -> str:
    """The style sheet of the window in this theme and at its scale."""
    palette = theme.palette
    colours = {name: value for name, value in vars(palette).items() if isinstance(value, str)}
    dark = palette.name == "dark"
    colours.update(
        faint=mixed(palette.muted, palette.surface, 0.45),
        hover=mixed(palette.sunken, palette.surface, 0.35),
        hover_ground=palette.sunken,
        field=palette.sunken if dark else palette.surface,
        field_border=palette.border if dark else palette.border_strong,
        raised=mixed(palette.border_strong, palette.surface, 0.35) if dark else palette.surface,
        accent_ink=dict(palette.role_inks)["long_term"],
        accent_hover=mixed(palette.text if dark else "#000000", palette.accent, 0.88),
        accent_pressed=mixed("#000000", palette.accent, 0.78),
        pending_hover=mixed(palette.pending, palette.pending_soft, 0.86),
    )
    sizes = {f"p{size}": str(theme.px(size)) for size in range(1, 33)} | {"p05": f"{0.5 * theme.scale:.1f}"}
    sizes |= {f"text{size}": str(theme.font(size).pixelSize()) for size in (11, 12)}
    pictures = {
        "arrow_up": control_picture(theme, "up"),
        "arrow_down": control_picture(theme, "down"),
        "check": control_picture(theme, "check"),
    }
    return _SHEET.substitute(
        colours,
        **sizes,
        **pictures,
        body=str(theme.px(13)),
        ui_fonts=_families(UI_FONTS),
        mono_fonts=_families(MONO_FONTS),
    )


def qt_palette(theme: Theme) -> QPalette:
    """Qt's palette in this theme, for whatever the style sheet does not reach (Fusion draws the rest from it)."""
    palette = QPalette()
    role = QPalette.ColorRole
    for target, name in (
        (role.Window, "ground"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunken"),
        (role.Text, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "on_accent"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Link, "accent"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Mid, "border"),
        (role.Midlight, "border"),
        (role.Dark, "border_strong"),
        (role.Light, "surface"),
        (role.Shadow, "border_strong"),
        (role.Accent, "accent"),
    ):
        palette.setColor(target, theme.colour(name))
    faint = QColor(mixed(theme.palette.muted, theme.palette.surface, 0.45))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, faint)
    return palette


def mixed(over: str, under: str, transparency: float) -> str:
    """The colour "#rrggbb" that `over` makes on `under`; transparency 0 is `over`, 1 is `under`."""
    first, second = QColor(over), QColor(under)
    pairs = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    red, green, blue = (round(a * (1 - transparency) + b * transparency) for a, b in pairs)
    return f"#{red:02x}{green:02x}{blue:02x}"


def refresh_style(widget: QWidget) -> None:
    """Draw a widget anew after one of its dynamic properties changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _families(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def control_picture(theme: Theme, kind: str) -> str:
    """The path of a small picture (an arrow, a tick) in the theme's colours: style sheets take files only."""
    colour = theme.palette.on_accent if kind == "check" else theme.palette.muted
    return _control_picture(kind, colour, theme.px(16))


@lru_cache(maxsize=64)
def _control_picture(kind: str, colour: str, size: int) -> str:
    path = _picture_folder().filePath(f"{kind}-{colour.lstrip('#')}-{size}.png")
    image = QImage(2 * size, 2 * size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(
        QPen(
            QColor(colour),
            size / 5,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    shape = {
        "up": [(0.25, 0.63), (0.5, 0.38), (0.75, 0.63)],
        "down": [(0.25, 0.38), (0.5, 0.63), (0.75, 0.38)],
        "check": [(0.22, 0.52), (0.42, 0.72), (0.78, 0.30)],
    }[kind]
    box = QRectF(image.rect())
    corners = [(box.width() * x, box.height() * y) for x, y in shape]
    for (x1, y1), (x2, y2) in pairwise(corners):
        painter.drawLine(round(x1), round(y1), round(x2), round(y2))
    painter.end()
    image.save(path)
    return path


@lru_cache(maxsize=1)
def _picture_folder() -> QTemporaryDir:
    return QTemporaryDir(QDir.tempPath() + "/sequence-playground-XXXXXX")

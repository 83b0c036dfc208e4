"""Numbers that the networks say, each on a line beside the right one: how far off each of them is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.event_pictures import number_words
from playground.ui.panels.answer_tables import NumberTable, SaidNumber
from playground.ui.state import UiState
from playground.ui.text_sizes import line_height, text_width, wrapped_height
from playground.ui.vocabulary import network_title

LEAST_ROW, ROW, LARGEST_ROW = 16, 26, 34
HEADER = 22


def written(table: NumberTable, value: float) -> str:
    """A number as this table writes it."""
    if table.decimals is None:
        return number_words(value)
    return f"{value:,.{table.decimals}f}".replace("-", "−")


class ValueLines(QWidget):
    """Paints a `NumberTable`: a line for each network, a dot where it says, the target across all. A click opens it."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self._table: NumberTable | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("What every network says")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def table(self) -> NumberTable | None:
        """What is shown."""
        return self._table

    def show_table(self, table: NumberTable) -> None:
        """Show this."""
        if table != self._table:
            self._table = table
            said = [
                f"{network_title(row.network, self._state.vocabulary)} says {written(table, row.value)}"
                for row in table.rows
            ]
            truth = [] if table.target is None else [f"Right is {written(table, table.target)}"]
            self.setAccessibleDescription(f"{'. '.join([*truth, *said])}. {table.captions[0]}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return self._size(ROW)

    def minimumSizeHint(self) -> QSize:
        return self._size(LEAST_ROW, 3)

    def _size(self, row: int, most: int = 99) -> QSize:
        theme = self._state.theme
        rows = min(max(1, len(self._table.rows) if self._table is not None else 1), most)
        caption = 2 * line_height(theme, 13) + theme.px(6)
        return QSize(theme.px(240), round(theme.px(HEADER) + rows * theme.px(row) + caption))

    def _caption(self) -> str:
        assert self._table is not None
        theme = self._state.theme
        most = 2 * line_height(theme, 13) + 1
        fitting = [
            text
            for text in self._table.captions
            if wrapped_height(theme, text, 13, max(self.width(), theme.px(200))) <= most
        ]
        return fitting[0] if fitting else self._table.captions[-1]

    def shown_rows(self) -> tuple[SaidNumber, ...]:
        """The networks that there is room for, the opened one among them."""
        if self._table is None:
            return ()
        theme = self._state.theme
        room = self.height() - theme.px(HEADER) - 2 * line_height(theme, 13) - theme.px(6)
        fitting = max(1, int(room // theme.px(LEAST_ROW)))
        rows = self._table.rows
        if len(rows) <= fitting:
            return rows
        first = [row for row in rows if row.network == self._state.network]
        chosen = [*first, *(row for row in rows if row not in first)][:fitting]
        return tuple(row for row in rows if row in chosen)

    def _row_height(self) -> float:
        theme = self._state.theme
        room = self.height() - theme.px(HEADER) - 2 * line_height(theme, 13) - theme.px(6)
        share = room / max(1, len(self.shown_rows()))
        return max(float(theme.px(LEAST_ROW)), min(float(theme.px(LARGEST_ROW)), share))

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        table = self._table
        if table is None or not table.rows:
            return
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, height = self.shown_rows(), self._row_height()
        names = [network_title(row.network, self._state.vocabulary) for row in table.rows]
        label = min(
            max(text_width(theme, name, 13, bold=True) for name in names) + theme.px(14), self.width() * 0.4
        )
        longest = max(("−00.00", *(written(table, row.value) for row in table.rows)), key=len)
        value = text_width(theme, longest, 13, bold=True)
        left, right = label, self.width() - value - theme.px(10)

        def place(number: float) -> float:
            share = (number - table.low) / max(table.high - table.low, 1e-9)
            return left + min(max(share, 0.0), 1.0) * (right - left)

        top, bottom = theme.px(HEADER), theme.px(HEADER) + len(rows) * height
        self._paint_scale(painter, table, place, top, bottom)
        for number, row in enumerate(rows):
            middle = top + (number + 0.5) * height
            opened = row.network == self._state.network
            is_right = table.is_right(row)
            font = theme.font(13, bold=opened)
            painter.setFont(font)
            painter.setPen(theme.network_ink(row.network))
            name = QFontMetricsF(font).elidedText(
                network_title(row.network, self._state.vocabulary), Qt.TextElideMode.ElideRight, label - 6
            )
            box = QRectF(0, middle - height / 2, label, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))
            x = place(row.value)
            if table.target is not None:
                painter.setPen(QPen(theme.network(row.network), 3 * theme.scale))
                painter.drawLine(QPointF(place(table.target), middle), QPointF(x, middle))
            painter.setPen(QPen(theme.network(row.network), 2 * theme.scale))
            painter.setBrush(theme.network(row.network) if is_right else theme.colour("surface"))
            painter.drawEllipse(QPointF(x, middle), theme.px(5), theme.px(5))
            painter.setFont(theme.font(13, bold=is_right))
            painter.setPen(theme.network_ink(row.network) if is_right else theme.colour("muted"))
            box = QRectF(right, middle - height / 2, self.width() - right, height)
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(box, align, written(table, row.value))
        painter.setFont(theme.font(13))
        painter.setPen(theme.colour("muted"))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        place_of_words = QRectF(0, bottom + theme.px(6), self.width(), self.height() - bottom)
        painter.drawText(place_of_words, flags, self._caption())
        painter.end()

    def _paint_scale(
        self, painter: QPainter, table: NumberTable, place: object, top: float, bottom: float
    ) -> None:
        assert callable(place)
        theme = self._state.theme
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("muted"))
        line = QFontMetricsF(theme.font(11)).height()
        if table.target is None:
            return
        if table.tolerance > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sunken"))
            near = QRectF(
                QPointF(place(table.target - table.tolerance), top),
                QPointF(place(table.target + table.tolerance), bottom),
            )
            painter.drawRoundedRect(near, 3, 3)
        x = place(table.target)
        painter.setPen(QPen(theme.colour("good_ink"), 2 * theme.scale))
        painter.drawLine(QPointF(x, top - theme.px(2)), QPointF(x, bottom))
        painter.setPen(theme.colour("good_ink"))
        words = f"right: {written(table, table.target)}"
        painter.setFont(theme.font(12, bold=True))
        width = text_width(theme, words, 12, bold=True) + 4
        left = min(max(0.0, x - width / 2), self.width() - width)
        painter.drawText(
            QRectF(left, top - line - theme.px(5), width, line + 2), Qt.AlignmentFlag.AlignCenter, words
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = int((event.position().y() - self._state.theme.px(HEADER)) // self._row_height())
        rows = self.shown_rows()
        if event.button() == Qt.MouseButton.LeftButton and 0 <= row < len(rows):
            self._state.set_network(rows[row].network)

"""Canaries: things that libraries got wrong before. When one of these sings, read the decision it names first.

Each is a fact about a library, not about this program; docs/decisions/001-dependencies.md says what rests on it.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QObject, QSettings, Qt, Signal, Slot, qVersion
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget


@dataclasses.dataclass(frozen=True)
class Record:
    update: int
    losses: dict[str, float]


class Speaker(QObject):
    said = Signal(object)


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: list[int] = []

    @Slot(object)
    def hear(self, record: object) -> None:
        self.heard.append(record)
        self.threads.append(threading.get_ident())


def test_qt_calls_leave_the_references_to_none_alone(qapp: QApplication) -> None:
    # PySide6 6.12.0 gives one reference to None too many away with each void call: Python 3.11 aborts in the end.
    widget = QWidget()
    widget.show()
    before = sys.getrefcount(None)
    for _ in range(200):
        widget.update()
        qapp.processEvents()
    assert abs(sys.getrefcount(None) - before) < 100
    widget.close()
    widget.deleteLater()


def test_qt_is_the_line_that_was_measured() -> None:
    assert qVersion().startswith("6.11.")


def test_settings_read_back_as_text_unless_a_type_is_asked_for(tmp_path: Path) -> None:
    path = str(tmp_path / "settings.ini")
    written = QSettings(path, QSettings.Format.IniFormat)
    written.setValue("lecture", False)
    written.setValue("timestep", 7)
    written.sync()
    # What the next process sees: a QSettings with nothing in memory.
    (tmp_path / "copy.ini").write_bytes(Path(path).read_bytes())
    fresh = QSettings(str(tmp_path / "copy.ini"), QSettings.Format.IniFormat)
    assert fresh.value("lecture") == "false"  # and bool("false") is True
    assert fresh.value("lecture", type=bool) is False
    assert fresh.value("timestep", type=int) == 7


def test_a_frozen_record_crosses_a_signal_as_the_same_object(qapp: QApplication) -> None:
    speaker, listener = Speaker(), Listener()
    speaker.said.connect(listener.hear)
    record = Record(2**40, {"lstm": 0.1})
    speaker.said.emit(record)
    assert listener.heard == [record]
    assert listener.heard[0] is record


def test_a_slot_of_an_object_runs_in_the_objects_thread(qapp: QApplication) -> None:
    speaker, listener = Speaker(), Listener()
    speaker.said.connect(listener.hear, Qt.ConnectionType.QueuedConnection)
    thread = threading.Thread(target=speaker.said.emit, args=(Record(1, {}),))
    thread.start()
    thread.join()
    assert listener.heard == []
    qapp.processEvents()
    assert listener.threads == [threading.get_ident()]


def test_svg_draws_current_color_black(qapp: QApplication) -> None:
    # So formulas and icons are recoloured in their text, never through the painter's pen.
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4" color="#ff0000">%s</svg>'
    shape = b'<rect width="4" height="4" fill="%s"/>'
    assert _first_pixel(svg % (shape % b"#ff0000")) == QColor("#ff0000")
    assert _first_pixel(svg.replace(b' color="#ff0000"', b"") % (shape % b"currentColor")) == QColor(
        "#000000"
    )


def _first_pixel(svg: bytes) -> QColor:
    image = QImage(4, 4, QImage.Format.Format_ARGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.setPen(QColor("#00ff00"))
    QSvgRenderer(QByteArray(svg)).render(painter)
    painter.end()
    return image.pixelColor(1, 1)


def test_an_image_of_numpy_memory_needs_its_bytes_per_line(qapp: QApplication) -> None:
    # Three grey columns: a line is three bytes, not the four that Qt would take it for.
    grey = np.array([[0, 100, 200], [10, 110, 210]], dtype=np.uint8)
    image = QImage(grey.data, 3, 2, 3, QImage.Format.Format_Grayscale8)
    assert [image.pixelColor(x, 1).red() for x in range(3)] == [10, 110, 210]


def test_a_tensors_numpy_view_is_the_live_memory() -> None:
    torch = pytest.importorskip("torch")
    weight = torch.zeros(2)
    view = weight.numpy()
    weight += 1
    assert view.tolist() == [1.0, 1.0]  # so what leaves the engine is copied and frozen


def test_gradients_are_switched_off_for_one_thread_only() -> None:
    torch = pytest.importorskip("torch")
    seen: list[bool] = []
    with torch.no_grad():
        thread = threading.Thread(target=lambda: seen.append(torch.is_grad_enabled()))
        thread.start()
        thread.join()
        assert torch.is_grad_enabled() is False
    assert seen == [True]


def test_torch_uses_one_thread_in_tests() -> None:
    torch = pytest.importorskip("torch")
    assert torch.get_num_threads() == 1


def test_frozen_arrays_refuse_to_be_written() -> None:
    array = np.zeros(3)
    array.setflags(write=False)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1.0

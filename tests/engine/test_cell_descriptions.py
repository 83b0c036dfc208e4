"""The cells' descriptions: complete, in the order of computation, said well in both vocabularies, drawable."""

from __future__ import annotations

import warnings

import pytest

from playground.contract.cell_description import INPUTS, PREVIOUS, Affine, CellDescription, Quantity, Words
from playground.contract.network_catalogue import network_keys, network_line
from playground.engine.cells import CELLS
from tests.engine.networks import ALL_CELLS

DESCRIPTIONS = [CELLS[key].description for key in ALL_CELLS] + [
    CELLS["rnn"].with_activation("sigmoid").description
]
each_description = pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda d: d.name)


def both(words: Words) -> tuple[str, str]:
    return words["guide"], words["textbook"]


@each_description
def test_every_quantity_has_one_equation_in_the_order_of_computation(description: CellDescription) -> None:
    assert [equation.target for equation in description.equations] == [q.name for q in description.quantities]
    known = {INPUTS} | {PREVIOUS + state for state in description.states}
    for equation in description.equations:
        if isinstance(equation, Affine):
            sources = {term.source for term in equation.terms}
        else:
            sources = {factor.quantity for product in equation.products for factor in product}
        assert sources <= known, equation.target
        known.add(equation.target)


@each_description
def test_every_parameter_is_used_and_every_one_used_is_there(description: CellDescription) -> None:
    units = 4
    shapes = CELLS[description.name].parameter_shapes(3, units)
    used = set()
    for equation in description.equations:
        if not isinstance(equation, Affine):
            continue
        for term in equation.terms:
            used.add((term.weight, term.block))
            columns = 3 if term.source == INPUTS else units
            assert shapes[term.weight][1:] == (() if term.diagonal else (columns,))
        used |= {(bias.bias, bias.block) for bias in equation.biases}
    assert used == {(name, block) for name, shape in shapes.items() for block in range(shape[0] // units)}


@each_description
def test_words_are_there_in_both_vocabularies(description: CellDescription) -> None:
    assert all(both(description.title))
    assert description.source.endswith(".")
    for quantity in description.quantities:
        for words in (quantity.title, quantity.symbol, quantity.teaches):
            assert all(text == text.strip() and text for text in both(words)), quantity.name
        for sentence in both(quantity.teaches):
            assert sentence[0].isupper(), sentence
            assert sentence.endswith("."), sentence
            assert sentence.count(". ") == 0, f"one sentence: {sentence}"
            assert len(sentence) <= 120, sentence
        for title in both(quantity.title):
            assert len(title) <= 26, title


def test_the_guides_words_are_used() -> None:
    description = CELLS["guide_lstm"].description
    said = {
        name: description.quantity(name) for name in ("cell_state", "hidden_state", "learned", "output_gate")
    }
    assert said["cell_state"].title == Words("Long-term memory", "Cell state")
    assert said["hidden_state"].title == Words("Short-term memory", "Hidden state")
    assert said["learned"].title.guide == "Learn gate"
    assert said["output_gate"].title == Words("Use gate", "Output gate")
    assert said["output_gate"].symbol.guide == "V"
    assert description.equation("cell_state").stage == "remember"


@each_description
def test_formulas_can_be_drawn(description: CellDescription) -> None:
    with warnings.catch_warnings():  # ziamath finds its font with a function that Python calls old
        warnings.simplefilter("ignore", DeprecationWarning)
        import ziamath
    for equation in description.equations:
        for latex in both(equation.latex):
            width, height = ziamath.Latex(latex).getsize()
            assert width > height > 0, latex
    for quantity in description.quantities:
        for symbol in both(quantity.symbol):
            assert ziamath.Latex(symbol).getsize()[0] > 0, symbol


@pytest.mark.parametrize(
    ("key", "gates"),
    [
        ("no_memory", []),
        ("rnn", []),
        ("lstm", ["forget_gate", "input_gate", "candidate", "output_gate"]),
        ("guide_lstm", ["forget_gate", "input_gate", "candidate", "use_candidate", "output_gate"]),
        ("gru", ["reset_gate", "update_gate", "candidate"]),
        ("lstm_1997", ["input_gate", "candidate", "output_gate"]),
        ("peephole_lstm", ["forget_gate", "input_gate", "candidate", "output_gate"]),
    ],
)
def test_gates_in_order(key: str, gates: list[str]) -> None:
    description = CELLS[key].description
    assert [gate.name for gate in description.gates] == gates


def test_states_are_quantities() -> None:
    for cell in CELLS.values():
        names = [quantity.name for quantity in cell.description.quantities]
        assert set(cell.states) <= set(names)
        assert "hidden_state" in names
    assert CELLS["lstm"].description.has_cell_state
    assert not CELLS["gru"].description.has_cell_state


def test_the_table_of_networks_says_what_the_cells_are() -> None:
    for key, cell in CELLS.items():
        line = network_line(key)
        assert cell.key == cell.description.name == key
        assert line.remembers == bool(cell.states)
        assert line.cell_state == cell.description.has_cell_state
        assert line.gated == (cell.forget_block is not None)
        assert line.input_gated == (cell.input_block is not None) == (cell.output_block is not None)
        assert line.any_activation == (cell.with_activation("sigmoid") is not cell)
        for sentence in both(cell.description.running):
            assert sentence[0].isupper(), key
            assert sentence.endswith("."), key
            assert " is running: " in sentence or " is running, " in sentence, key


def test_colour_has_one_meaning() -> None:
    """A quantity of one name has one role, span and title in every cell that has a memory."""
    seen: dict[str, Quantity] = {}
    for key in network_keys(remembers=True):
        for quantity in CELLS[key].description.quantities:
            first = seen.setdefault(quantity.name, quantity)
            assert (quantity.role, quantity.span, quantity.title) == (first.role, first.span, first.title)


def test_unknown_names_are_said() -> None:
    description = CELLS["rnn"].description
    with pytest.raises(KeyError, match="no quantity called cell_state"):
        description.quantity("cell_state")
    with pytest.raises(KeyError, match="no equation for cell_state"):
        description.equation("cell_state")

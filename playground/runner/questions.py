"""Answers questions about a run: what its networks see, at any moment of it, and how long their memories last.

Lives on the thread that trains. An answer is worked out by a generator that stops after every small piece (one network
on one sequence, one replayed update of one network, some held-out sequences), so that whoever drives it can train,
pause and answer others in between. All work is done on scratch networks, never on the live ones.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from playground.contract.runner import (
    ChangedRateRequest,
    ForecastRequest,
    HeldOutRequest,
    HorizonRequest,
    Question,
    TraceRequest,
    UnitsRequest,
    WritingRequest,
)
from playground.engine.evaluation import merged
from playground.engine.records import FlatWeights
from playground.runner.training_run import TrainingRun
from playground.tasks.edited_sequence import edited_sequence
from playground.tasks.task import EventSequence, dense
from playground.trace.generated import Forecast, Generated
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import (
    Answer,
    ChangedRateAnswer,
    ForecastAnswer,
    HeldOutAnswer,
    HorizonAnswer,
    MemoryMeasures,
    ReplayProgress,
    TraceAnswer,
    UnitMeasures,
    UnitsAnswer,
    WritingAnswer,
)

# Texts and series are imported for who asks about one: the window imports this module just after its first paint.
if TYPE_CHECKING:  # whoever imports this module need not wait for torch
    from playground.engine.trainer import Trainer

HORIZON_SEED = 60
"""The held-out sequences of every `HorizonRequest`: the same each time, so that only the networks make a difference."""

UNITS_SEED = 500
"""The held-out sequences of every `UnitsRequest`."""

CHANGED_SEED = 70
"""The held-out sequences of every `ChangedRateRequest`: only the network and what is changed make a difference."""

PIECE_TIMESTEPS = 25
"""Characters or values of one piece of work: a few milliseconds."""

HORIZON_BATCH = 96
"""Sequences of one piece of work: a few milliseconds at the longest distance."""

Interrupted = Callable[[], bool]
Pieces = Iterator[Answer | None]
Moment = tuple[int, dict[str, FlatWeights]]
"""An update and the weights of networks at it."""


class ImpossibleRequest(ValueError):
    """A request that cannot be answered; the message is a sentence for the user."""


class Questions:
    """Answers any number of questions about one run, in turns."""

    def __init__(self, run: TrainingRun, interrupted: Interrupted) -> None:
        """`interrupted` is asked within a replayed update: when it says True that piece ends early, and the next one
        goes on where it was."""
        self._run = run
        self._interrupted = interrupted
        self._scratch: Trainer | None = None

    def answer(self, request_id: int, question: Question) -> Pieces:
        """None after each piece of work, ReplayProgress while it replays, the answer last.

        Raises ImpossibleRequest, or another ValueError with a sentence, when there is none.
        """
        if isinstance(question, HorizonRequest):
            return self._answer_horizon(request_id, question)
        if isinstance(question, UnitsRequest):
            return self._answer_units(request_id, question)
        if isinstance(question, WritingRequest):
            return self._answer_writing(request_id, question)
        if isinstance(question, ForecastRequest):
            return self._answer_forecast(request_id, question)
        if isinstance(question, HeldOutRequest):
            return self._answer_held_out(request_id, question)
        if isinstance(question, ChangedRateRequest):
            return self._answer_changed_rate(request_id, question)
        return self._answer_traces(request_id, question)

    def _answer_traces(self, request_id: int, request: TraceRequest) -> Pieces:
        run = self._run
        networks = self._networks(request.networks)
        sequence = run.probe if request.sequence is None else request.sequence
        sequence = edited_sequence(run.trainer.task, sequence, request.interventions)
        since = request.measure_since
        if since is not None and not 0 <= since < sequence.length:
            raise ImpossibleRequest(
                f"There is no timestep {since + 1} to measure from: the sequence has {sequence.length}."
            )
        if request.weights_from is not None:
            update, weights = self._moment_shown(request.weights_from, networks)
        else:
            update, weights = yield from self._moment(request_id, request.update, request.exact, networks)
        traces: dict[str, SequenceTrace] = {}
        measures: dict[str, MemoryMeasures] = {}
        for network in networks:
            scratch = self._loaded_scratch(network, weights)
            traces[network] = scratch.trace(network, sequence, request.interventions, update=update)
            yield None
            if since is not None:
                scratch = self._loaded_scratch(network, weights)
                found = scratch.measures(network, sequence, since, update=update)
                yield None
                measures[network] = yield from self._measured_further(network, weights, sequence, found)
                yield None
        yield TraceAnswer(request_id, run.run_id, update, traces, measures)

    def _measured_further(
        self, network: str, weights: dict[str, FlatWeights], sequence: EventSequence, found: MemoryMeasures
    ) -> Generator[None, None, MemoryMeasures]:
        """The same measures, with the influence of every event and the gradient of the loss."""
        from playground.engine.gradients import loss_gradient
        from playground.engine.influence import influence_in_pieces, replacement_inputs

        task = self._run.trainer.task
        model = deepcopy(
            self._loaded_scratch(network, weights).models[network]
        )  # the scratch is for others, too
        inputs = dense(sequence.inputs, task.input_size)
        clip_norm = self._run.trainer.experiment.network(network).clip_norm
        gradient = loss_gradient(model, sequence, clip_norm, task.loss)
        yield None
        influence = yield from influence_in_pieces(
            model, inputs, replacement_inputs(task, sequence), task.loss
        )
        return replace(found, influence=influence, loss_gradient=gradient)

    def _answer_horizon(self, request_id: int, request: HorizonRequest) -> Pieces:
        run = self._run
        if not request.distances or min(request.distances) < 0 or request.sequences_per_distance < 1:
            raise ImpossibleRequest(
                "How long memories last is asked with at least one distance and one sequence."
            )
        networks = run.networks
        update, weights = yield from self._moment(request_id, request.update, request.exact, networks)
        asked = []
        right: dict[str, list[int]] = {network: [] for network in networks}
        for distance in request.distances:
            batches = run.trainer.task.held_out(HORIZON_SEED, request.sequences_per_distance, distance)
            batches = merged(batches, HORIZON_BATCH)
            asked.append(sum(int(batch.asked.sum()) for batch in batches))
            yield None
            for network in networks:
                hits = 0
                for batch in batches:
                    hits += self._loaded_scratch(network, weights).count_right(network, [batch])
                    yield None
                right[network].append(hits)
        rights = {network: tuple(hits) for network, hits in right.items()}
        yield HorizonAnswer(request_id, run.run_id, update, tuple(request.distances), tuple(asked), rights)

    def _answer_units(self, request_id: int, request: UnitsRequest) -> Pieces:
        from playground.engine.unit_measures import read_batch, unit_measures

        run = self._run
        if request.sequences < 1:
            raise ImpossibleRequest("What units know is asked with at least one sequence.")
        update, weights = yield from self._moment(request_id, request.update, request.exact, run.networks)
        batches = run.trainer.task.held_out(UNITS_SEED, request.sequences)
        yield None
        measures: dict[str, UnitMeasures] = {}
        for network in run.networks:
            recorded = []
            for batch in batches:
                model = self._loaded_scratch(network, weights).models[network]
                recorded.append(read_batch(model, batch, request.layer))
                yield None
            model = self._loaded_scratch(network, weights).models[network]
            measures[network] = yield from unit_measures(
                model, run.trainer.task, batches, recorded, network, request.layer
            )
            yield None
        yield UnitsAnswer(request_id, run.run_id, update, measures)

    def _answer_writing(self, request_id: int, request: WritingRequest) -> Pieces:
        from playground.engine.generation import Writing
        from playground.tasks.text.character_task import CharacterTask

        run = self._run
        networks = self._networks(request.networks)
        task: Any = run.trainer.task
        if not isinstance(task, CharacterTask):
            raise ImpossibleRequest("Only a network that learns a text can write: choose a text first.")
        update, weights = yield from self._moment(request_id, request.update, request.exact, networks)
        texts: dict[str, Generated] = {}
        for network in networks:
            writing = Writing(task.vocabulary, request.settings, 1)
            while not writing.done:
                writing.go_on(self._loaded_scratch(network, weights).models[network], PIECE_TIMESTEPS)
                yield None
            texts[network] = writing.texts()[0]
        yield WritingAnswer(request_id, run.run_id, update, texts)

    def _answer_forecast(self, request_id: int, request: ForecastRequest) -> Pieces:
        from playground.engine.generation import Forecasting
        from playground.tasks.series.series_task import SeriesTask

        run = self._run
        networks = self._networks(request.networks)
        task: Any = run.trainer.task
        if not isinstance(task, SeriesTask):
            raise ImpossibleRequest(
                "Only a network that learns a series can forecast: choose a series first."
            )
        update, weights = yield from self._moment(request_id, request.update, request.exact, networks)
        forecasts: dict[str, Forecast] = {}
        for network in networks:
            making = Forecasting(task, request.start, request.horizon)
            while not making.done:
                making.go_on(self._loaded_scratch(network, weights).models[network], PIECE_TIMESTEPS)
                yield None
            forecasts[network] = making.result()
        yield ForecastAnswer(request_id, run.run_id, update, forecasts)

    def _answer_held_out(self, request_id: int, request: HeldOutRequest) -> Pieces:
        from playground.engine.held_out import held_out_loss
        from playground.tasks.series.series_task import SeriesTask
        from playground.tasks.text.character_task import CharacterTask

        run = self._run
        networks = self._networks(request.networks)
        task: Any = run.trainer.task
        if not isinstance(task, CharacterTask | SeriesTask):
            raise ImpossibleRequest("Only a text or a series has a part that is held out as a whole.")
        update, weights = yield from self._moment(request_id, request.update, request.exact, networks)
        batches = task.held_out_all()
        losses: dict[str, float] = {}
        for network in networks:
            total, asked = 0.0, 0
            for batch in batches:
                count = int(batch.asked.sum())
                model = self._loaded_scratch(network, weights).models[network]
                total, asked = total + count * held_out_loss(model, [batch], task.loss), asked + count
                yield None
            losses[network] = total / asked
        yield HeldOutAnswer(request_id, run.run_id, update, losses)

    def _answer_changed_rate(self, request_id: int, request: ChangedRateRequest) -> Pieces:
        from playground.engine.changed_reading import changed_outputs

        run = self._run
        networks = self._networks(request.networks)
        if request.sequences < 1:
            raise ImpossibleRequest("How often a network is right is asked with at least one sequence.")
        if request.weights_from is not None:
            update, weights = self._moment_shown(request.weights_from, networks)
        else:
            update, weights = run.update, run.trainer.weights()
        task = run.trainer.task
        # not put together into larger batches: a piece of work is short, or a key waits for it
        batches = task.held_out(CHANGED_SEED, request.sequences, request.distance)
        yield None
        counts: dict[bool, dict[str, int]] = {False: {}, True: {}}
        for network in networks:
            for changed in (False, True):
                hits = 0
                for batch in batches:
                    model = self._loaded_scratch(network, weights).models[network]
                    outputs = changed_outputs(model, batch, request.interventions if changed else ())
                    hits += int(task.right(batch, outputs)[batch.asked].sum())
                    yield None
                counts[changed][network] = hits
        asked = sum(int(batch.asked.sum()) for batch in batches)
        yield ChangedRateAnswer(
            request_id, run.run_id, update, request.sequences, asked, counts[False], counts[True]
        )

    def _networks(self, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
        if wanted is None:
            return self._run.networks
        for network in wanted:
            if network not in self._run.networks:
                raise ImpossibleRequest(f"No network called {network} takes part in this run.")
        return wanted

    def _moment_shown(self, shown: Mapping[str, SequenceTrace], networks: Sequence[str]) -> Moment:
        """The moment that these traces are of, with the weights they were made with."""
        for network in networks:
            if network not in shown or shown[network].run_id != self._run.run_id:
                raise ImpossibleRequest(
                    "The moment that is shown is not of this run: show one of this run first."
                )
        weights = {
            network: self._scratch_trainer().traced_weights(network, shown[network]) for network in networks
        }
        return max(shown[network].update for network in networks), weights

    def _moment(
        self, request_id: int, wanted: int | None, exact: bool, networks: Sequence[str]
    ) -> Generator[Answer | None, None, Moment]:
        """Returns the moment that a question is about; a generator because it may take a replay."""
        run = self._run
        if wanted is None:
            return run.update, run.trainer.weights()
        if wanted < 0:
            raise ImpossibleRequest(f"There is no update {wanted}: training begins at update 0.")
        if exact and wanted > run.update:
            raise ImpossibleRequest(f"Update {wanted} is yet to come: the run stands at update {run.update}.")
        if not exact or wanted in run.history:
            update = run.history.nearest(wanted)
            return update, run.history.weights(update)
        return (yield from self._replay(request_id, wanted, networks))

    def _replay(
        self, request_id: int, target: int, networks: Sequence[str]
    ) -> Generator[Answer | None, None, Moment]:
        """Train a twin from the nearest checkpoint to `target`, and return that moment."""
        run = self._run
        twin = run.trainer.twin(networks)
        twin.restore(run.checkpoints.nearest(target))
        yield ReplayProgress(request_id, run.run_id, twin.update, target)
        while twin.update < target:
            for network in twin.networks:
                while not twin.prepare(network, self._interrupted):
                    yield None
                yield None
            twin.commit()
            yield ReplayProgress(request_id, run.run_id, twin.update, target)
        return target, twin.weights()

    def _loaded_scratch(self, network: str, weights: dict[str, FlatWeights]) -> Trainer:
        """The scratch networks; this one has these weights until the piece of work ends, for others use it then."""
        scratch = self._scratch_trainer()
        scratch.load_weights(network, weights[network])
        return scratch

    def _scratch_trainer(self) -> Trainer:
        if self._scratch is None:
            self._scratch = self._run.trainer.twin()
        return self._scratch

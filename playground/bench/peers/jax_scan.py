"""JAX: the whole update in one jitted function, lax.scan over the timesteps, Adam by hand. On one thread.

A symbol takes its column of W; weights and moments are given away to the next update (donated), so nothing is copied.
Updates follow each other without waiting; only the last loss of a turn is read.
"""

from __future__ import annotations

import os
from typing import Any

os.environ["XLA_FLAGS"] = (
    os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
).strip()
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp

from playground.bench.next_symbol import BATCHES
from playground.bench.peers import Updates
from playground.bench.same_start import BETA_1, BETA_2, CLIP_NORM, EPSILON, LEARNING_RATE, SameStart
from playground.places import cache_folder

# What was compiled once is found the next time: a race has sixteen functions of one to two seconds each.
jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "jax"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)

Tree = dict[str, Any]


def rnn(W: Tree, h: Any, sums: Any) -> tuple[Any, Any]:
    """One timestep of the RNN."""
    h = jnp.tanh(sums + h @ W["weight_hh"].T)
    return h, h


def lstm(W: Tree, state: Any, sums: Any) -> tuple[Any, Any]:
    """One timestep of the LSTM."""
    h, c = state
    i, f, g, o = jnp.split(sums + h @ W["weight_hh"].T, 4, axis=1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def guide_lstm(W: Tree, state: Any, sums: Any) -> tuple[Any, Any]:
    """One timestep of the guide's LSTM: it answers from what is kept, by a network of its own."""
    h, c = state
    i, f, n, v = jnp.split(sums + h @ W["weight_hh"].T, 4, axis=1)
    kept = c * jax.nn.sigmoid(f)
    c = kept + jnp.tanh(n) * jax.nn.sigmoid(i)
    h = jnp.tanh(kept @ W["weight_use"].T + W["bias_use"]) * jax.nn.sigmoid(v)
    return (h, c), h


def gru(W: Tree, h: Any, sums: Any) -> tuple[Any, Any]:
    """One timestep of the GRU."""
    x_r, x_z, x_n = jnp.split(sums, 3, axis=1)
    h_r, h_z, h_n = jnp.split(h @ W["weight_hh"].T + W["bias_hh"], 3, axis=1)
    r, z = jax.nn.sigmoid(x_r + h_r), jax.nn.sigmoid(x_z + h_z)
    n = jnp.tanh(x_n + r * h_n)
    h = n + z * (h - n)
    return h, h


TIMESTEPS = {"rnn": rnn, "lstm": lstm, "guide_lstm": guide_lstm, "gru": gru}


def loss_of(cell: str, W: Tree, symbols: Any, targets: Any) -> Any:
    """The mean cross-entropy of one batch, symbols and targets (T, B)."""
    units = W["weight_hh"].shape[1]
    sums = W["weight_ih"].T[symbols] + W["bias_ih"]  # (T, B, R)
    if cell != "gru" and "bias_hh" in W:
        sums = sums + W["bias_hh"]
    zeros = jnp.zeros((symbols.shape[1], units), jnp.float32)
    state = (zeros, zeros) if cell in ("lstm", "guide_lstm") else zeros
    _, hidden = jax.lax.scan(lambda state, x: TIMESTEPS[cell](W, state, x), state, sums)  # (T, B, H)
    log_probabilities = jax.nn.log_softmax(hidden @ W["head_weight"].T + W["head_bias"])
    return -jnp.take_along_axis(log_probabilities, targets[..., None], axis=-1).mean()


def updated(
    cell: str, W: Tree, m: Tree, v: Tree, update: Any, symbols: Any, targets: Any
) -> tuple[Tree, Tree, Tree, Any, Any]:
    """One update, counted from 0: new weights and moments, the count, and the loss."""
    loss, gradient = jax.value_and_grad(lambda W: loss_of(cell, W, symbols, targets))(W)
    update = update + 1
    norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in gradient.values()))
    factor = jnp.minimum(1.0, CLIP_NORM / (norm + 1e-6))
    gradient = {name: g * factor for name, g in gradient.items()}
    m = {name: BETA_1 * m[name] + (1.0 - BETA_1) * g for name, g in gradient.items()}
    v = {name: BETA_2 * v[name] + (1.0 - BETA_2) * g * g for name, g in gradient.items()}
    rate = LEARNING_RATE / (1.0 - BETA_1**update)
    unbiased = 1.0 / jnp.sqrt(1.0 - BETA_2**update)
    W = {name: W[name] - rate * m[name] / (jnp.sqrt(v[name]) * unbiased + EPSILON) for name in W}
    return W, m, v, update, loss


def make(start: SameStart) -> Updates:
    """Compiled by the first update."""
    one = jax.jit(
        lambda W, m, v, update, x, y: updated(start.cell, W, m, v, update, x, y), donate_argnums=(0, 1, 2, 3)
    )
    W = {name: jnp.array(array) for name, array in start.parameters.items()}
    m = {name: jnp.zeros_like(array) for name, array in W.items()}
    v = {name: jnp.zeros_like(array) for name, array in W.items()}
    state: tuple[Any, ...] = (W, m, v, jnp.float32(0.0))
    batches = [
        (jnp.asarray(x, jnp.int32), jnp.asarray(y, jnp.int32))
        for x, y in zip(start.inputs, start.targets, strict=True)
    ]
    done = 0

    def updates(count: int) -> float:
        nonlocal state, done
        loss: Any = 0.0
        for _ in range(count):
            *rest, loss = one(*state, *batches[done % BATCHES])
            state = tuple(rest)
            done += 1
        return float(loss)

    return updates

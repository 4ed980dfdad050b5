"""Random numbers that follow from the content of a row: the same on every machine, whatever other rows there are."""

import hashlib
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

from indicators.measures.uncertainty.triangular import Uniform

Picked = NDArray[np.intp] | slice
"""Numbers of some draws."""


class Key(ISeedSequence):
    """The content that a stream of random numbers belongs to, and a seed; gives the stream its first state."""

    def __init__(self, seed: int, *content: str) -> None:
        # The separator keeps ("ab", "c") and ("a", "bc") apart.
        self.text = "\x1f".join((str(seed), *content)).encode()

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        """Return words that depend on the text alone: its BLAKE2b digest."""
        word = np.dtype(dtype).newbyteorder("<")
        digest = hashlib.blake2b(self.text, digest_size=n_words * word.itemsize).digest()
        return np.frombuffer(digest, word).astype(dtype)


def random_source(key: Key) -> np.random.SFC64:
    """Return a key's stream."""
    return np.random.SFC64(key)  # type: ignore[arg-type]  # NumPy documents ISeedSequence, its types do not


def random_bits(key: Key, count: int) -> NDArray[np.uint32]:
    """Return the first ``count`` words of a key's stream."""
    # A bit stream is the same in every release of NumPy; what its distributions make of it need not be (NEP 19).
    return random_source(key).random_raw((count + 1) // 2).astype("<u8", copy=False).view("<u4")[:count]


def random_uniform(key: Key, count: int, picked: Picked = slice(None)) -> Uniform:
    """Return the first ``count`` numbers of a key's stream, or the picked ones of them.

    They lie between 0 and 1, both excluded, symmetric about 0.5.
    """
    return _to_uniform(random_bits(key, count)[picked])


def random_shared(key: Key, count: int, share: float, shared: Uniform, picked: Picked = slice(None)) -> Uniform:
    """Return the numbers of a key's stream, some of them replaced by those of a shared one.

    Each is the shared number with probability ``share`` (in steps of 1/512), else that of ``random_uniform``; both are
    uniform, and so is the result. ``shared`` has as many numbers as are picked.
    """
    bits = random_bits(key, count)[picked]
    # The number takes 23 of a word's 32 bits; the other nine choose.
    chosen = (bits & np.uint32(0x1FF)) < np.uint32(round(512 * share))
    uniform = _to_uniform(bits)
    np.copyto(uniform, shared, where=chosen)
    return uniform


def _to_uniform(bits: NDArray[np.uint32]) -> Uniform:
    """Turn words into numbers between 0 and 1, in place."""
    # 23 bits under the exponent of 1 are a number from 1 to 2; the step to the middle of its cell is exact.
    np.right_shift(bits, 9, out=bits)
    np.bitwise_or(bits, np.uint32(0x3F800000), out=bits)
    uniform = bits.view("<f4")
    uniform -= np.float32(1 - 2.0**-24)
    return uniform


def resample_blocks(count: int, block: int, resamples: int, seed: int, name: str) -> NDArray[np.intp]:
    """Return the places that each resample of ``count`` things in order draws, in circular blocks: (resample, place).

    They follow from the seed and a name, so that one thing's interval does not depend on which others there are.
    """
    length = min(block, count)
    blocks = -(-count // length)
    bits = random_bits(Key(seed, "blocks", name), resamples * blocks).astype(np.uint64)
    # The upper half of the product: each place has the same share of the 2³² words, but for one in 2³²/count.
    starts = (bits * np.uint64(count) >> np.uint64(32)).astype(np.intp).reshape(resamples, blocks, 1)
    return ((starts + np.arange(length)) % count).reshape(resamples, -1)[:, :count]


def random_gamma(key: Key, shape: float, count: int) -> NDArray[np.float64]:
    """Return the first ``count`` numbers of a key's stream with a gamma distribution of a shape, scale 1.

    Marsaglia and Tsang, A Simple Method for Generating Gamma Variables (2000), from a normal number by Box and Muller
    and a uniform one to accept it by; below a shape of 1 a fourth word lifts a number of shape + 1.
    """
    if shape == 0:
        return np.zeros(count)
    least = (shape + 1 if shape < 1 else shape) - 1 / 3
    # Above 95 of 100 are accepted; the stream's own order decides which, so that a longer series begins as a shorter.
    tried = count + count // 10 + 50
    words = random_source(key).random_raw(4 * tried) >> np.uint64(11)
    first, second, accepting, lifting = ((words.reshape(tried, 4) + 0.5) * 2.0**-53).T
    normal = np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)
    root = 1 + normal / np.sqrt(9 * least)
    cube = np.where(root > 0, root, 1.0) ** 3
    accepted = (root > 0) & (np.log(accepting) < normal**2 / 2 + least * (1 - cube + np.log(cube)))
    numbers = least * cube[accepted]
    if shape < 1:
        numbers *= lifting[accepted] ** (1 / shape)
    if len(numbers) < count:
        raise RuntimeError("too few of the random numbers were accepted")
    return np.asarray(numbers[:count])

"""The specialist's vocabulary, and forms as token ids.

A token is one piece of the text form with the blank before it; what is no piece of the vocabulary is read byte by byte.
`--make FOLDER` learns the pieces from forms on standard input and writes FOLDER/tokenizer.json; `--encode FILE.npz`
turns forms into ids.
"""

import argparse
import collections
import json
import os
import sys

import numpy as np

END = "<|endoftext|>"
NUMBERED = [(".p{}", 28), ("::g{}", 20), ("@i{}", 12), ('"s{}"', 16), ("name{}", 10)]

# Pieces that real code has and that made-up programs have seldom.
SELDOM = ("xor << >> ~ matmul yield await async function local nothing del assert global := ... **= //= /= |= &= %= <<= "
          ">>= 4 6 8 9 12 16 20 64 1000 255 1.0 0.0 2.0 b\"\" ^a ^b ^c ^d ^e ?u1 ?u2 ?u3 ?u4 $a lambda from finally * ** "
          "enumerate zip map filter iter repr hash divmod pow round callable hasattr setattr type super object print open "
          "ord chr bytes slice frozenset reverse default start StopIteration IndexError AttributeError AssertionError "
          "NotImplementedError OSError ImportError Exception .index .insert .remove .discard .difference .union "
          ".intersection .endswith .find .rstrip .lstrip .popitem .sort .clear .count f\"t1{ }\" =>").split()


def byte_alphabet():
    """The printable stand-ins of byte-level vocabularies."""
    kept = list(range(0x21, 0x7F)) + list(range(0xA1, 0xAD)) + list(range(0xAE, 0x100))
    table, free = {}, 0x100
    for byte in range(256):
        if byte in kept:
            table[byte] = chr(byte)
        else:
            table[byte], free = chr(free), free + 1
    return table


ALPHABET = byte_alphabet()


def written(text):
    return "".join(ALPHABET[byte] for byte in text.encode())


class Vocabulary:
    def __init__(self, pieces):
        self.end = 0
        self.bytes = {byte: 1 + byte for byte in range(256)}
        self.pieces = {piece: 257 + index for index, piece in enumerate(pieces)}

    @property
    def size(self):
        return 257 + len(self.pieces)

    @staticmethod
    def learned(lines, size):
        """The pieces that any form may have, and the most frequent others."""
        counts = collections.Counter()
        for line in lines:
            record = json.loads(line)
            counts.update((record["prompt"] + (record.get("answer") or "")).split(" ")[1:])
        letters = [chr(97 + index % 26) + (str(index // 26) if index > 25 else "") for index in range(60)]
        fixed = SELDOM + letters + [shape.format(number) for shape, most in NUMBERED for number in range(1, most + 1)]
        taken = set(fixed)
        others = [piece for piece, count in counts.most_common() if piece not in taken and piece and count > 20]
        return Vocabulary((fixed + others)[:size - 257])

    @staticmethod
    def read(folder):
        with open(os.path.join(folder, "tokenizer.json")) as file:
            ids = json.load(file)["model"]["vocab"]
        shown = {shape: byte for byte, shape in ALPHABET.items()}
        words = sorted((index, word) for word, index in ids.items() if index > 256)
        return Vocabulary([bytes(shown[letter] for letter in word).decode()[1:] for _, word in words])

    def write(self, folder):
        words = {ALPHABET[byte]: index for byte, index in self.bytes.items()}
        words.update({written(" " + piece): index for piece, index in self.pieces.items()})
        os.makedirs(folder, exist_ok=True)
        end = {"id": self.end, "content": END, "single_word": False, "lstrip": False, "rstrip": False,
               "normalized": False, "special": True}
        split = {"type": "Split", "pattern": {"Regex": " [^ ]*|[^ ]+"}, "behavior": "Isolated", "invert": False}
        level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
        model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                 "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": True,
                 "vocab": words, "merges": []}
        with open(os.path.join(folder, "tokenizer.json"), "w") as file:
            json.dump({"version": "1.0", "truncation": None, "padding": None, "added_tokens": [end], "normalizer": None,
                       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, level]}, "post_processor": None,
                       "decoder": {**level}, "model": model}, file, ensure_ascii=False, indent=0)

    def encode(self, text):
        ids = []
        for piece in text.split(" ")[1:]:
            known = self.pieces.get(piece)
            if known is None:
                ids += [self.bytes[byte] for byte in (" " + piece).encode()]
            else:
                ids.append(known)
        return ids


def encoded(lines, vocabulary, longest):
    """All pairs that are short enough: tokens in one row, and the lengths of prompts and answers, ends counted in."""
    tokens, prompts, answers, seen = [], [], [], set()
    for line in lines:
        record = json.loads(line)
        if record.get("answer") is None:
            continue
        prompt, answer = vocabulary.encode(record["prompt"]), vocabulary.encode(record["answer"]) + [vocabulary.end]
        key = hash(tuple(prompt))
        if len(prompt) > longest or len(answer) > longest or key in seen:
            continue
        seen.add(key)
        tokens += prompt + answer
        prompts.append(len(prompt))
        answers.append(len(answer))
    return {"tokens": np.array(tokens, np.uint16), "prompts": np.array(prompts, np.uint16),
            "answers": np.array(answers, np.uint16)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make")
    parser.add_argument("--encode")
    parser.add_argument("--tokenizer")
    parser.add_argument("--size", type=int, default=640)
    parser.add_argument("--longest", type=int, default=280)
    options = parser.parse_args()
    if options.make:
        vocabulary = Vocabulary.learned(sys.stdin, options.size)
        vocabulary.write(options.make)
        print(f"{vocabulary.size} tokens", file=sys.stderr)
    else:
        made = encoded(sys.stdin, Vocabulary.read(options.tokenizer), options.longest)
        # complete, or not there: another program may be waiting for it
        with open(options.encode + ".new", "wb") as file:
            np.savez_compressed(file, **made)
        os.rename(options.encode + ".new", options.encode)


if __name__ == "__main__":
    main()

"""The perplexity of answers that a checkpoint was not trained on, with weights as they are stored and packed.

Pairs come from `vocabulary.py --encode` of held-out programs; `logicdiff-logits` scores every token of an answer after
those before it.
"""

import argparse
import base64
import json
import subprocess

import numpy as np


def losses(program, checkpoint, form, pairs):
    """The negative log-likelihood, in nats, of each token of the answers."""
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for tokens, prompt in pairs:
            request = {"checkpoint": checkpoint, "tokens": tokens[:-1], "format": form,
                       "positions": list(range(prompt - 1, len(tokens) - 1))}
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "error" in answer:
                raise SystemExit(f"perplexity: error: {checkpoint}: {answer['error']}")
            for text, wanted in zip(answer["logits"], tokens[prompt:]):
                scores = np.frombuffer(base64.b64decode(text), "<f4").astype(np.float64)
                yield np.logaddexp.reduce(scores) - scores[wanted]
        process.stdin.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", required=True, help="a file of pairs")
    parser.add_argument("--checkpoint", default="Sources/Summaries/Resources/specialist")
    parser.add_argument("--program", default=".build/release/logicdiff-logits")
    parser.add_argument("--count", type=int, default=400, help="pairs")
    parser.add_argument("--formats", nargs="+", default=["float", "q8_0", "q4_0"])
    options = parser.parse_args()
    with np.load(options.held_out) as data:
        tokens, prompts, answers = (data[key].astype(int) for key in ("tokens", "prompts", "answers"))
    ends = np.cumsum(prompts + answers)
    pairs = [(tokens[end - prompt - answer:end].tolist(), int(prompt))
             for end, prompt, answer in zip(ends, prompts, answers)][:options.count]
    first = None
    for form in options.formats:
        found = np.array(list(losses(options.program, options.checkpoint, form, pairs)))
        perplexity = float(np.exp(found.mean()))
        first = first or perplexity
        print(f"{form}: {len(found):,} tokens of {len(pairs)} answers, perplexity {perplexity:.5f}, "
              f"{100 * (perplexity / first - 1):+.3f}%", flush=True)


if __name__ == "__main__":
    main()

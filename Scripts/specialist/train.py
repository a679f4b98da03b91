"""Trains the specialist on lines of {"prompt", "answer"} and saves it as a Hugging Face directory in half precision.

Only the tokens of the answer are learned. The learning rate follows the clock, so that a run of any length ends where
it should; short pairs come first, because copying is learned on them at a fraction of the cost.
"""

import argparse
import json
import math
import os
import random
import time

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Qwen2Config, Qwen2ForCausalLM

END = "<|endoftext|>"
SEPARATOR = "=>\n"


def learned_tokenizer(texts, size):
    """Byte-level byte pairs over whole forms: a token may hold a whole phrase of the text form."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=[END], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=12, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal by Newton-Schulz steps (Jordan et al., 2024), in float32."""

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                buffer = state["momentum"].mul_(group["momentum"]).add_(parameter.grad)
                x = parameter.grad + group["momentum"] * buffer
                is_tall = x.size(0) > x.size(1)
                x = x.T if is_tall else x
                x = x / (x.norm() + 1e-7)
                for _ in range(5):
                    square = x @ x.T
                    x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
                x = x.T if is_tall else x
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(x, alpha=-group["lr"] * 0.2 * math.sqrt(max(x.shape)))


def batches(pairs, tokens, rng):
    """Batches of about `tokens` positions, each of pairs of like length, in random order."""
    order = sorted(pairs, key=lambda pair: len(pair[0]) + len(pair[1]) + rng.random() * 8)
    made, batch = [], []
    for pair in order:
        length = len(pair[0]) + len(pair[1])
        if batch and (len(batch) + 1) * length > tokens:
            made.append(batch)
            batch = []
        batch.append(pair)
    if batch:
        made.append(batch)
    rng.shuffle(made)
    return made


def loss_of(model, batch):
    length = max(len(prompt) + len(answer) for prompt, answer in batch) - 1
    inputs = torch.zeros(len(batch), length, dtype=torch.long)
    targets = torch.full((len(batch), length), -100, dtype=torch.long)
    for row, (prompt, answer) in enumerate(batch):
        line = prompt + answer
        inputs[row, :len(line) - 1] = torch.tensor(line[:-1])
        targets[row, len(prompt) - 1:len(line) - 1] = torch.tensor(answer)
    device = model.device
    inputs, targets = inputs.to(device), targets.to(device)
    # padding stands at the end, where causal attention keeps it from the rest
    hidden = model.model(input_ids=inputs, use_cache=False).last_hidden_state
    chosen = targets != -100
    logits = F.linear(hidden[chosen], model.model.embed_tokens.weight)
    return F.cross_entropy(logits, targets[chosen]), int(chosen.sum()), logits, targets[chosen]


@torch.no_grad()
def held_out(model, pairs):
    """Mean loss of a token, and the share of answers whose every token is the likeliest."""
    model.eval()
    total, count, exact = 0.0, 0, 0
    for at in range(0, len(pairs), 16):
        batch = pairs[at:at + 16]
        loss, tokens, logits, targets = loss_of(model, batch)
        total, count = total + loss.item() * tokens, count + tokens
        right = (logits.argmax(-1) == targets).tolist()
        start = 0
        for _, answer in batch:
            exact += all(right[start:start + len(answer)])
            start += len(answer)
    model.train()
    return total / max(1, count), exact / max(1, len(pairs))


def save(model, tokenizer, config, folder):
    os.makedirs(folder, exist_ok=True)
    half = Qwen2ForCausalLM(config)
    half.load_state_dict(model.state_dict())
    half.half().save_pretrained(folder)
    os.chmod(os.path.join(folder, "model.safetensors"), 0o644)
    tokenizer.save(os.path.join(folder, "tokenizer.json"))
    for extra in ("generation_config.json",):
        path = os.path.join(folder, extra)
        if os.path.exists(path):
            os.remove(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--vocabulary", type=int, default=1024)
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--batch-tokens", type=int, default=1536)
    parser.add_argument("--longest", type=int, default=400, help="tokens of a form")
    parser.add_argument("--rate", type=float, default=0.01)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"

    with open(options.pairs) as lines:
        records = [json.loads(line) for line in lines]
    records = [record for record in records if record.get("answer")]
    sample = [text for record in records[:6000] for text in (record["prompt"] + SEPARATOR, record["answer"])]
    tokenizer = learned_tokenizer(sample, options.vocabulary)
    end = tokenizer.token_to_id(END)
    prompts = tokenizer.encode_batch([record["prompt"] + SEPARATOR for record in records])
    answers = tokenizer.encode_batch([record["answer"] for record in records])
    pairs = [(p.ids, a.ids + [end]) for p, a in zip(prompts, answers)
             if len(p.ids) <= options.longest and len(a.ids) < options.longest]
    aside, pairs = pairs[:256], pairs[256:]
    mean = sum(len(p) + len(a) for p, a in pairs) / len(pairs)
    config = Qwen2Config(
        vocab_size=math.ceil(tokenizer.get_vocab_size() / 64) * 64, hidden_size=options.hidden,
        intermediate_size=options.hidden * 8 // 3 // 32 * 32, num_hidden_layers=options.layers,
        num_attention_heads=options.hidden // 32, num_key_value_heads=max(1, options.hidden // 96),
        max_position_embeddings=1024, rope_theta=10_000.0, tie_word_embeddings=True, bos_token_id=end,
        eos_token_id=end, pad_token_id=None, attn_implementation="sdpa")
    model = Qwen2ForCausalLM(config).to(device)
    print(f"{len(pairs)} pairs of {mean:.0f} tokens, {sum(p.numel() for p in model.parameters()):,} parameters, "
          f"vocabulary {tokenizer.get_vocab_size()}, on {device}", flush=True)

    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
    muon = Muon(matrices, options.rate)
    adam = torch.optim.AdamW(others, lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0)
    lengths = sorted(len(p) + len(a) for p, a in pairs)
    start = saved = time.monotonic()
    step, seen, recent = 0, 0, 0.0
    progress = 0.0
    while progress < 1:
        # the shortest third first, all from a fifth of the time on
        limit = lengths[min(len(lengths) - 1, int(len(lengths) * (0.35 + 3.3 * progress)))]
        for batch in batches([pair for pair in pairs if len(pair[0]) + len(pair[1]) <= limit],
                             options.batch_tokens, rng):
            progress = (time.monotonic() - start) / (60 * options.minutes)
            if progress >= 1 or progress < 0.2 and step % 200 == 199:
                step += 1
                break
            rate = options.rate * min(1, (step + 1) / 60) * min(1, max(0.01, (1 - progress) / 0.5))
            for optimizer in (muon, adam):
                for group in optimizer.param_groups:
                    group["lr"] = rate
            loss, tokens, _, _ = loss_of(model, batch)
            model.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            muon.step()
            adam.step()
            step, seen = step + 1, seen + sum(len(p) + len(a) for p, a in batch)
            recent = loss.item() if step == 1 else 0.95 * recent + 0.05 * loss.item()
            if step % 20 == 0:
                print(f"step {step}, {seen:,} tokens, {time.monotonic() - start:.0f} s, rate {rate:.4f}, "
                      f"loss {recent:.3f}", flush=True)
            if time.monotonic() - saved > 180:
                saved = time.monotonic()
                loss, exact = held_out(model, aside[:64])
                print(f"  held out: loss {loss:.3f}, whole answers {exact:.3f}", flush=True)
                save(model, tokenizer, config, options.out)
    loss, exact = held_out(model, aside)
    print(f"end: step {step}, {seen:,} tokens; held out: loss {loss:.4f}, whole answers {exact:.3f}", flush=True)
    save(model, tokenizer, config, options.out)


if __name__ == "__main__":
    main()

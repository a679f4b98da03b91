"""Trains the specialist on pairs of token ids (`vocabulary.py --encode`) and saves it as a Hugging Face directory in
half precision.

Only the tokens of the answer are learned. The learning rate follows the clock, so that a run of any length ends where
it should. Pairs live on the accelerator; with `--watch` files that appear while it trains are taken in.
"""

import argparse
import glob
import json
import math
import os
import shutil
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F

class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal by Newton-Schulz steps (Jordan et al., 2024); matrices of one shape go together."""

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.1):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for parameter in group["params"]:
                shapes.setdefault(tuple(parameter.shape), []).append(parameter)
            for shape, parameters in shapes.items():
                gradients = torch.stack([parameter.grad for parameter in parameters])
                state = self.state[parameters[0]]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(gradients)
                buffer = state["momentum"].mul_(group["momentum"]).add_(gradients)
                x = gradients + group["momentum"] * buffer
                x = x.to(torch.bfloat16) if x.is_cuda else x
                is_tall = shape[0] > shape[1]
                x = x.mT if is_tall else x
                x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
                for _ in range(5):
                    square = x @ x.mT
                    x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
                x = (x.mT if is_tall else x).float()
                for parameter, change in zip(parameters, x):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(change, alpha=-group["lr"] * 0.2 * math.sqrt(max(shape)))


class Layer(torch.nn.Module):
    def __init__(self, width, heads, pairs, inner):
        super().__init__()
        self.heads, self.pairs, self.size = heads, pairs, width // heads
        self.input_layernorm = torch.nn.Parameter(torch.ones(width))
        self.post_attention_layernorm = torch.nn.Parameter(torch.ones(width))
        self.q_proj = torch.nn.Linear(width, width)
        self.k_proj = torch.nn.Linear(width, pairs * self.size)
        self.v_proj = torch.nn.Linear(width, pairs * self.size)
        self.o_proj = torch.nn.Linear(width, width, bias=False)
        self.gate_proj = torch.nn.Linear(width, inner, bias=False)
        self.up_proj = torch.nn.Linear(width, inner, bias=False)
        self.down_proj = torch.nn.Linear(inner, width, bias=False)

    def turned(self, x, cosine, sine):
        left, right = x.chunk(2, dim=-1)
        return torch.cat((left * cosine - right * sine, right * cosine + left * sine), dim=-1)

    def forward(self, x, cosine, sine):
        rows, length, width = x.shape
        h = F.rms_norm(x, (width,), self.input_layernorm.to(x.dtype), 1e-6)
        q = self.q_proj(h).view(rows, length, self.heads, self.size).transpose(1, 2)
        k = self.k_proj(h).view(rows, length, self.pairs, self.size).transpose(1, 2)
        v = self.v_proj(h).view(rows, length, self.pairs, self.size).transpose(1, 2)
        q, k = self.turned(q, cosine, sine), self.turned(k, cosine, sine)
        group = self.heads // self.pairs
        if group > 1:
            k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        h = F.scaled_dot_product_attention(q, k, v.to(q.dtype), is_causal=True)
        x = x + self.o_proj(h.transpose(1, 2).reshape(rows, length, width))
        h = F.rms_norm(x, (width,), self.post_attention_layernorm.to(x.dtype), 1e-6)
        return x + self.down_proj(F.silu(self.gate_proj(h)) * self.up_proj(h))


class Model(torch.nn.Module):
    """The Qwen2 architecture with tied embeddings."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        width, heads = config["hidden_size"], config["num_attention_heads"]
        self.embed_tokens = torch.nn.Embedding(config["vocab_size"], width)
        self.layers = torch.nn.ModuleList(
            Layer(width, heads, config["num_key_value_heads"], config["intermediate_size"])
            for _ in range(config["num_hidden_layers"]))
        self.norm = torch.nn.Parameter(torch.ones(width))
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                torch.nn.init.normal_(parameter, std=0.02)
            elif name.endswith("bias"):
                torch.nn.init.zeros_(parameter)
        size = width // heads
        turns = 10_000.0 ** (-torch.arange(0, size, 2).float() / size)
        angles = torch.arange(1024).float()[:, None] * turns
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)

    def hidden(self, tokens):
        x = self.embed_tokens(tokens)
        if x.is_cuda:
            x = x.to(torch.bfloat16)
        length = tokens.shape[1]
        cosine, sine = self.cosine[:length].to(x.dtype), self.sine[:length].to(x.dtype)
        for layer in self.layers:
            x = layer(x, cosine, sine)
        return F.rms_norm(x, (x.shape[-1],), self.norm.to(x.dtype), 1e-6)

    def loss(self, tokens, places, wanted):
        """Mean loss of the answers' tokens, and which were likeliest. `places` are those before them, in all rows."""
        hidden = self.hidden(tokens)
        logits = F.linear(hidden.flatten(0, 1)[places], self.embed_tokens.weight).float()
        return F.cross_entropy(logits, wanted), logits.argmax(-1) == wanted


class Pairs:
    """Pairs on the accelerator, and batches of them by length."""

    def __init__(self, device):
        self.device = device
        self.files, self.parts, self.rng = set(), [], np.random.default_rng(1)

    def take(self, paths):
        for path in paths:
            if path in self.files:
                continue
            self.files.add(path)
            with np.load(path) as data:
                self.parts.append({key: data[key] for key in ("tokens", "prompts", "answers")})

    def ready(self):
        joined = {key: np.concatenate([part[key] for part in self.parts]) for key in self.parts[0]}
        self.parts = [joined]
        lengths = joined["prompts"].astype(np.int64) + joined["answers"]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.count, self.total = len(lengths), int(lengths.sum())
        def put(values):
            return torch.as_tensor(values.astype(np.int64), device=self.device)

        tokens = torch.as_tensor(joined["tokens"].view(np.int16), device=self.device)
        # room for reads beyond the last pair, which nothing learns from
        self.tokens = torch.cat([tokens, tokens.new_zeros(2048)])
        self.starts, self.prompts, self.answers = put(starts), put(joined["prompts"]), put(joined["answers"])
        self.answer_sizes, self.sizes = joined["answers"].astype(np.int64), lengths

    def batches(self, tokens):
        """Index sets of about `tokens` positions and pairs of like length, in random order."""
        order = np.argsort(self.sizes + self.rng.random(len(self.sizes)) * 12, kind="stable")
        made, start = [], 0
        while start < len(order):
            end = start + max(1, tokens // (int(self.sizes[order[start]]) + 12))
            made.append(order[start:end])
            start = end
        self.rng.shuffle(made)
        return made

    def batch(self, chosen):
        """Tokens [rows, width], the places before tokens of answers in all rows, and those tokens. What stands after a
        pair in its row is another pair: nothing before it sees it."""
        width = (int(self.sizes[chosen].max()) + 6) // 8 * 8
        learned = int(self.answer_sizes[chosen].sum())
        rows = torch.as_tensor(chosen, device=self.device)
        line = self.tokens[self.starts[rows][:, None] + torch.arange(width, device=self.device)].int()
        answers = self.answers[rows]
        # sizes are known here, so that nothing waits for the accelerator
        row = torch.repeat_interleave(torch.arange(len(chosen), device=self.device), answers, output_size=learned)
        nth = torch.arange(learned, device=self.device) - (answers.cumsum(0) - answers)[row]
        before = self.prompts[rows][row] - 1 + nth
        wanted = self.tokens[self.starts[rows][row] + before + 1].long()
        return line, row * width + before, wanted, row


@torch.no_grad()
def held_out(model, pairs, tokens):
    """Mean loss of a token, and the share of answers whose every token is the likeliest."""
    total, count, exact = 0.0, 0, 0
    for chosen in pairs.batches(tokens):
        line, places, wanted, row = pairs.batch(chosen)
        loss, right = model.loss(line, places, wanted)
        total, count = total + loss.item() * len(wanted), count + len(wanted)
        wrong = torch.zeros(len(chosen), dtype=torch.long, device=line.device).index_add_(0, row, (~right).long())
        exact += int((wrong == 0).sum())
    return total / max(1, count), exact / pairs.count


def weights(model):
    """The parameters by the names that Hugging Face gives them."""
    parts = [("model.embed_tokens.weight", model.embed_tokens.weight), ("model.norm.weight", model.norm)]
    for index, layer in enumerate(model.layers):
        for name, parameter in layer.named_parameters():
            group = "self_attn." if name[1:6] == "_proj" and name[0] in "qkvo" else "mlp." if "_proj" in name else ""
            parts.append((f"model.layers.{index}.{group}{name}{'' if '.' in name else '.weight'}", parameter))
    return sorted(parts)


def save(model, folder):
    """The weights in float16."""
    header, blobs, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, parameter in weights(model):
        blob = parameter.detach().float().cpu().numpy().astype("<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(parameter.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(model.config, file, indent=2, sort_keys=True)
        file.write("\n")


def load(model, folder):
    """The weights that `save` wrote."""
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header, blob = json.loads(file.read(size)), file.read()
    for name, parameter in weights(model):
        first, last = header[name]["data_offsets"]
        values = np.frombuffer(blob[first:last], "<f2").astype(np.float32).reshape(parameter.shape)
        parameter.data.copy_(torch.from_numpy(values))


def fastest(step, pairs, sizes, device):
    """The batch size, in tokens, from which on larger ones gain little."""
    best, rate = sizes[0], 0.0
    for size in sizes:
        batches = pairs.batches(size)
        for chosen in batches[:3]:
            step(chosen, 0.01)
        if device == "cuda":
            torch.cuda.synchronize()
        start, tokens = time.monotonic(), 0
        for chosen in batches[3:9]:
            step(chosen, 0.01)
            tokens += int(pairs.sizes[chosen].sum())
        if device == "cuda":
            torch.cuda.synchronize()
        now = tokens / (time.monotonic() - start)
        print(f"  batches of {size:,}: {now:,.0f} tokens/s", flush=True)
        if now > 1.3 * rate:
            best, rate = size, now
    return best


def configuration(options, tokens):
    return {
        "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 0, "eos_token_id": 0,
        "dtype": "float16", "hidden_act": "silu", "hidden_size": options.hidden, "initializer_range": 0.02,
        "intermediate_size": options.inner, "max_position_embeddings": 1024, "model_type": "qwen2",
        "num_attention_heads": options.hidden // 32, "num_hidden_layers": options.layers,
        "num_key_value_heads": options.pairs_of_heads, "pad_token_id": None, "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0, "sliding_window": None, "tie_word_embeddings": True, "use_cache": True,
        "use_sliding_window": False, "vocab_size": math.ceil(tokens / 64) * 64}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", required=True, help="files, or a pattern of them")
    parser.add_argument("--held-out", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--start", help="folder of a checkpoint to go on from")
    parser.add_argument("--warm-up", type=int, default=200, help="steps")
    parser.add_argument("--watch", help="a pattern of files that may appear")
    parser.add_argument("--seconds", type=float, default=2400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--inner", type=int, default=704)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--pairs-of-heads", type=int, default=4)
    parser.add_argument("--batch-tokens", type=int, nargs="+", default=[65536], help="of several the fastest is taken")
    parser.add_argument("--rate", type=float, default=0.005)
    options = parser.parse_args()
    began = time.monotonic()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("high")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with open(os.path.join(options.tokenizer, "tokenizer.json")) as file:
        tokens = max(json.load(file)["model"]["vocab"].values()) + 1
    pairs, aside = Pairs(device), Pairs(device)
    while not glob.glob(options.pairs):
        time.sleep(0.2)
    pairs.take(sorted(glob.glob(options.pairs)))
    pairs.ready()
    os.makedirs(options.out, exist_ok=True)
    shutil.copy(os.path.join(options.tokenizer, "tokenizer.json"), options.out)
    model = Model(configuration(options, tokens)).to(device)
    if options.start:
        load(model, options.start)
    print(f"{pairs.count:,} pairs of {pairs.total / pairs.count:.0f} tokens, "
          f"{sum(p.numel() for p in model.parameters()):,} parameters, on {device}", flush=True)
    named = list(model.named_parameters())
    muon = Muon([p for n, p in named if p.ndim == 2 and "embed" not in n], options.rate)
    adam = torch.optim.AdamW(
        [p for n, p in named if p.ndim != 2 or "embed" in n], lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0,
        fused=device == "cuda")

    def train(chosen, share):
        for optimizer, rate in ((muon, options.rate), (adam, 0.6 * options.rate)):
            for group in optimizer.param_groups:
                group["lr"] = rate * share
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            loss, right = model.loss(*pairs.batch(chosen)[:3])
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        muon.step()
        adam.step()
        return loss, right

    sizes = options.batch_tokens
    size = sizes[0] if len(sizes) == 1 else fastest(train, pairs, sizes, device)
    step, seen, progress, shown, saved = 0, 0, 0.0, 0.0, 0.0
    looked = 0.0
    while progress < 1:
        for chosen in pairs.batches(size):
            elapsed = time.monotonic() - began
            progress = elapsed / options.seconds
            if progress >= 1:
                break
            if options.watch and elapsed - looked > 10:
                looked = elapsed
                new = [path for path in glob.glob(options.watch) if path not in pairs.files]
                if len(new) > 0.2 * len(pairs.files):
                    pairs.take(sorted(new))
                    pairs.ready()
                    print(f"  {pairs.count:,} pairs of {pairs.total / pairs.count:.0f} tokens", flush=True)
                    break
            share = min(1, (step + 1) / options.warm_up) * min(1, max(0.003, (1 - progress) / 0.7))
            loss, right = train(chosen, share)
            step, seen = step + 1, seen + int(pairs.sizes[chosen].sum())
            if elapsed - shown > 10 or step < 3:
                shown = elapsed
                if elapsed - saved > 120:
                    saved = elapsed
                    save(model, options.out)
                print(f"step {step}, {seen:,} tokens, {elapsed:.0f} s, rate {options.rate * share:.5f}, "
                      f"loss {loss.item():.4f}, right {right.float().mean().item():.4f}", flush=True)
    aside.take(sorted(glob.glob(options.held_out)))
    aside.ready()
    with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
        loss, exact = held_out(model, aside, sizes[0])
    print(f"end: {time.monotonic() - began:.0f} s, step {step}, {seen:,} tokens; held out: loss {loss:.4f}, "
          f"whole answers {exact:.3f}", flush=True)
    save(model, options.out)


if __name__ == "__main__":
    main()

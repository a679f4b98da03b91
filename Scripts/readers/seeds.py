"""Small valid files of every kind that the readers read, for the fuzzer to begin with."""
import json
import pathlib
import re
import shutil
import struct

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "decoder"
CHECKPOINTS = ["tied", "untied", "llama", "llama3", "mistral"]

# what bounds checks turn on, for texts of JSON
NUMBERS = ["-1", "0", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e400", "1e-400", "0.5"]


def safetensors(tensors):
    """A file with `tensors`, (name, dtype, shape, bytes) each."""
    header, at = {}, 0
    for name, dtype, shape, size in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(at)


def gguf(version, metadata, tensors):
    """A header with `metadata`, (key, type, packed value) each, and `tensors`, (name, shape, type, bytes) each."""
    def text(value):
        return struct.pack("<Q", len(value)) + value.encode()
    out, data, at = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata)), b"", 0
    for key, kind, value in metadata:
        out += text(key) + struct.pack("<I", kind) + value
    for name, shape, kind, size in tensors:
        out += text(name) + struct.pack("<I%dQIQ" % len(shape), len(shape), *shape, kind, at)
        data += bytes((size + 31) // 32 * 32)
        at = len(data)
    return out + bytes(-len(out) % 32) + data


def byte_alphabet():
    """What byte-level vocabularies write for each byte."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


def whole_gguf(version):
    """A whole checkpoint of one layer: hidden 32, two heads, 260 tokens, weights in blocks of four bits."""
    def text(value):
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def texts(values):
        return struct.pack("<IQ", 8, len(values)) + b"".join(map(text, values))
    number, real = (lambda value: struct.pack("<I", value)), (lambda value: struct.pack("<f", value))
    tokens = byte_alphabet() + ["ab", "aba", "<|end|>", "pad"]
    kinds = [1] * 258 + [3, 5]
    metadata = [
        ("general.architecture", 8, text("llama")), ("general.alignment", 4, number(32)),
        ("llama.block_count", 4, number(1)), ("llama.embedding_length", 4, number(32)),
        ("llama.feed_forward_length", 4, number(32)), ("llama.context_length", 4, number(128)),
        ("llama.attention.head_count", 4, number(2)), ("llama.attention.head_count_kv", 4, number(1)),
        ("llama.rope.freq_base", 6, real(1e4)), ("llama.attention.layer_norm_rms_epsilon", 6, real(1e-6)),
        ("llama.rope.scaling.type", 8, text("yarn")), ("llama.rope.scaling.factor", 6, real(2)),
        ("llama.rope.scaling.original_context_length", 4, number(64)), ("a.list", 9, struct.pack("<IQhh", 3, 2, -1, 1)),
        ("tokenizer.ggml.model", 8, text("gpt2")), ("tokenizer.ggml.pre", 8, text("llama-bpe")),
        ("tokenizer.ggml.tokens", 9, texts(tokens)), ("tokenizer.ggml.merges", 9, texts(["a b", "ab a"])),
        ("tokenizer.ggml.token_type", 9, struct.pack("<IQ260i", 5, 260, *kinds)),
        ("tokenizer.ggml.eos_token_id", 4, number(258))]
    rows = [("token_embd", 260), ("blk.0.attn_q", 32), ("blk.0.attn_k", 16), ("blk.0.attn_v", 16),
            ("blk.0.attn_output", 32), ("blk.0.ffn_gate", 32), ("blk.0.ffn_up", 32), ("blk.0.ffn_down", 32)]
    norms = ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"]
    return gguf(version, metadata, [(name + ".weight", (32, count), 2, count * 18) for name, count in rows]
                + [(name + ".weight", (32,), 0, 128) for name in norms])


def header_of(path):
    data = path.read_bytes()
    return json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])


def config_variants():
    """The fixture's settings with each way of stretching positions."""
    plain = json.loads((FIXTURES / "tied" / "config.json").read_text())
    common = {"rope_theta": 1e4, "factor": 4.0, "original_max_position_embeddings": 128}
    for extra in ({"rope_type": "linear"}, {"rope_type": "llama3", "low_freq_factor": 1.0, "high_freq_factor": 4.0},
                  {"rope_type": "yarn", "beta_fast": 32, "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 0.5}):
        yield json.dumps(dict(plain, rope_parameters=dict(common, **extra), eos_token_id=[1, 2])).encode()


def tokenizers():
    paths = [FIXTURES / name / "tokenizer.json" for name in CHECKPOINTS]
    paths += sorted((FIXTURES / "tokenizers").glob("[!e]*.json"))
    files = [path.read_bytes() for path in paths]
    for style in (lambda pair: pair, " ".join):
        tree = json.loads(files[0])
        # merges that lead back to what they are made of, and one that stands twice
        tree["model"]["vocab"].update({"ab": 321, "aba": 322, "abab": 323})
        tree["model"]["merges"] = [style(pair) for pair in
                                   (["ab", "ab"], ["ab", "a"], ["a", "b"], ["aba", "b"], ["ab", "ab"])]
        tree["model"]["ignore_merges"] = True
        tree["post_processor"] = {"type": "Sequence", "processors": [{
            "type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                                                     {"Sequence": {"id": "A", "type_id": 0}}],
            "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [320], "tokens": ["<|endoftext|>"]}}}]}
        files.append(json.dumps(tree, ensure_ascii=False).encode())
    return files


def adapter_configs():
    plain = json.loads((FIXTURES / "adapter" / "adapter_config.json").read_text())
    plain = {key: value for key, value in plain.items() if value is not None}
    yield json.dumps(plain).encode()
    patterns = [".*(q|v|down)_proj", "^model.layers.[0-9]{1,2}.+[^a]_proj$", "all-linear", r"(?:a|b\d\w)*?x+.{2,}"]
    for pattern in patterns:
        yield json.dumps(dict(plain, target_modules=pattern, rank_pattern={pattern: 3})).encode()
    yield json.dumps(dict(plain, target_modules=["q_proj", "v_proj", "down_proj"])).encode()


def lay_out(folder):
    """Fills `folder` with a checkpoint in shards, its tokenizer and an adapter, all valid."""
    shutil.copytree(FIXTURES / "tied", folder, dirs_exist_ok=True)
    shutil.copytree(FIXTURES / "adapter", folder / "adapter", dirs_exist_ok=True)
    names = header_of(folder / "model.safetensors").keys() - {"__metadata__"}
    index = {"weight_map": {name: "model.safetensors" for name in sorted(names)}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def seeds(reader, folder):
    """The files that the corpus of `reader` begins with; `folder` is a laid out one."""
    configs = [(FIXTURES / name / "config.json").read_bytes() for name in CHECKPOINTS]
    if reader == "json":
        return configs + [b'[1, -2.5e1, true, null, "\\u00e9\\ud83d\\ude42\\n\\ud800", {"a": {}, "a": []}]']
    if reader == "config":
        return configs + list(config_variants())
    if reader == "safetensors":
        return [safetensors([("a", "F32", [2, 3], 24), ("b", "BF16", [4], 8), ("c", "F16", [], 2), ("d", "I8", [0], 0)]),
                safetensors([])]
    if reader == "index":
        return [(folder / "model.safetensors.index.json").read_bytes()]
    if reader == "gguf":
        return [whole_gguf(2), whole_gguf(3), (FIXTURES / "gguf-qwen2" / "model.gguf").read_bytes()]
    if reader == "tokenizer":
        return tokenizers()
    if reader == "template":
        texts = ["", "<|im_start|>", "<|start_header_id|>"]
        return [(FIXTURES / "tied" / "tokenizer_config.json").read_bytes()] + [
            json.dumps({"chat_template": shape(text), "eos_token": {"content": "<|endoftext|>"}}).encode()
            for text in texts for shape in (str, lambda text: [{"name": "default", "template": text}])]
    if reader == "adapter-config":
        return list(adapter_configs())
    if reader == "adapter-weights":
        return [(FIXTURES / "adapter" / "adapter_model.safetensors").read_bytes()]
    return [b"\1", b"\1" + bytes(20)]  # kept files: the one that the target wrote, unchanged


def words(files):
    """The words of a dictionary: names and texts of the files, numbers at the edge."""
    found = set(NUMBERS)
    for file in files:
        for match in re.findall(rb'"[!-~]{1,60}?"|[a-zA-Z_][a-zA-Z0-9_.|]{3,60}', file):
            found.add(match.decode())
    return sorted(sorted(found)[:400])

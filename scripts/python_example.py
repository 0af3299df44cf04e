# SHOWS  Python to infoflow and back: numpy computes a noisy network, infoflow says what its second layer knows
# COST   some seconds: python3 scripts/python_example.py (needs numpy; INFOFLOW names the command, default: npx infoflow)
import json
import os
import shlex
import subprocess
import tempfile

import numpy as np

noise_std, repeats = 0.1, 64
rng = np.random.default_rng(1)

# all 64 inputs of 6 bits, each sent through the network 64 times; the label is whether more than three bits are set
inputs = (np.arange(64)[:, None] >> np.arange(6)) & 1
x = np.repeat(np.arange(64), repeats)
y = (inputs.sum(axis=1) > 3).astype(int)[x]
w1, w2 = rng.normal(size=(6, 4)), rng.normal(size=(4, 3))

t1 = np.tanh(inputs[x] @ w1) + noise_std * rng.normal(size=(len(x), 4))  # layer 1 with its noise
s2 = np.tanh(t1 @ w2)  # layer 2 BEFORE its own noise, which infoflow adds

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "layer.npz")
    np.savez(path, s=s2, x=x, y=y)
    infoflow = shlex.split(os.environ.get("INFOFLOW", "npx infoflow"))
    asked = ["estimate", path, "--noise-std", str(noise_std), "--inputs", "all", "--json"]
    printed = subprocess.run(infoflow + asked, check=True, stdout=subprocess.PIPE, text=True).stdout

reply = json.loads(printed)
answer = reply["answers"][0]
value, low, high = (answer["mi" + end] for end in ("_corrected", "_low", "_high"))
print(f"I(X;T_2) = {value:.3f} nats, 95 % between {low:.3f} and {high:.3f}; no more than {np.log(64):.3f} are possible")
print(f"I(Y;T_2) = {answer['label_mi_corrected']:.3f} nats of that are about the label")
for warning in reply["warnings"]:
    print("warning:", warning["warning"])

"""Trains the noisy 12-10-7-5-4-3-2 tanh network with PyTorch on one thread and prints the milliseconds an epoch takes."""
import json
import sys
import time

import torch

epochs, count, seed = (int(word) for word in sys.argv[1:4])
torch.set_num_threads(1)
torch.manual_seed(seed)
x = torch.randint(0, 2, (count, 12)).float()
y = torch.randint(0, 2, (count,))
widths, noise, batch = [12, 10, 7, 5, 4, 3, 2], 0.005, 256
layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
optimiser = torch.optim.Adam(layers.parameters(), lr=4e-4)


def epoch():
    order = torch.randperm(count)
    for at in range(0, count, batch):
        rows = order[at : at + batch]
        t = x[rows]
        for layer in layers[:-1]:
            t = torch.tanh(layer(t))
            t = t + noise * torch.randn_like(t)
        loss = torch.nn.functional.cross_entropy(layers[-1](t), y[rows])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()


for _ in range(5):
    epoch()
start = time.perf_counter()
for _ in range(epochs):
    epoch()
print(json.dumps({"milliseconds": 1000 * (time.perf_counter() - start) / epochs, "version": torch.__version__}))

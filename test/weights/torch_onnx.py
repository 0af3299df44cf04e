"""Networks exported by torch.onnx.export, and what PyTorch computes with them: FOLDER/NAME.onnx, FOLDER/NAME.json.

    python3 torch_onnx.py FOLDER

The files of `small`, by PyTorch 1.13, are kept in this folder as torch.onnx and torch.json, for machines without it.
"""
import json
import sys
import warnings
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F


class Small(nn.Module):
    """Written as people write forward: functions, x.view(x.size(0), -1), BatchNorm that is not folded by the exporter."""

    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3)
        self.conv2 = nn.Conv2d(3, 4, 3, stride=2, bias=False)
        self.fc1 = nn.Linear(4, 8, bias=False)
        self.norm2, self.fc2 = nn.BatchNorm1d(8), nn.Linear(8, 3)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.norm1(self.conv1(x)), 2))
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2)
        x = F.dropout(x.view(x.size(0), -1), training=self.training)
        x = F.leaky_relu(self.norm2(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)


def mlp():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(12, 10), nn.Tanh(), nn.Dropout(0.5), nn.Linear(10, 7), nn.Sigmoid(), nn.Linear(7, 2)
    )


def lenet():
    features = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
    )
    return nn.Sequential(
        *(features, nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))
    )


def global_pool():
    return nn.Sequential(nn.Conv2d(2, 5, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 3))


cases = {
    "small": (Small, (1, 12, 12), {}),
    "small-unfolded": (Small, (1, 12, 12), {"do_constant_folding": False, "opset_version": 17}),
    "mlp": (mlp, (12,), {"opset_version": 9}),
    "mlp-of-images": (mlp, (3, 4), {"opset_version": 13}),
    "mlp-fixed-batch": (mlp, (12,), {"dynamic_axes": None}),
    "lenet": (lenet, (1, 28, 28), {"opset_version": 11}),
    "lenet-old-list": (lenet, (1, 28, 28), {"keep_initializers_as_inputs": True}),
    "global-pool": (global_pool, (2, 6, 6), {"opset_version": 17}),
}


def main(folder):
    for name, (make, shape, options) in cases.items():
        torch.manual_seed(1)
        model = make()
        with torch.no_grad():
            for _ in range(3):  # BatchNorm's means and variances are other than 0 and 1
                model(2 * torch.randn(16, *shape) + 1)
            model.eval()
            inputs = torch.randn(3, *shape).mul(100).round().div(100)
            outputs = model(inputs)
        settings = {"input_names": ["x"], "dynamic_axes": {"x": {0: "batch"}}, **options}
        torch.onnx.export(model, inputs, folder / f"{name}.onnx", **settings)
        rounded = [round(value, 2) for value in inputs.flatten().tolist()]
        text = {"inputs": rounded, "outputs": outputs.flatten().tolist()}
        (folder / f"{name}.json").write_text(json.dumps(text))
    print(torch.__version__, *cases)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))

"""``python -m benchmarks.rivals fill|run|recorded MODULE``: in a process of its own, so that no rival's imports weigh on another."""

import importlib
import json
import sys

from benchmarks.rivals import FOLDER

verb, name = sys.argv[1:]
module = importlib.import_module(f"benchmarks.rivals.{name}")
if verb == "fill":
    module.fill(json.loads((FOLDER / "jobs.json").read_text(encoding="utf-8")))
elif verb == "run":
    module.run()
else:
    print(json.dumps(sorted(module.recorded())))

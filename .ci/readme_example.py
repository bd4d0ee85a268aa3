"""Run the README's Python examples where the model is installed, and compare their output with the README's."""

import contextlib
import io
import re
import sys
from pathlib import Path

text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
examples = re.findall(r"```python\n([^`]*)```\s+```\n([^`]*)```", text)
if len(examples) < 2:
    sys.exit("the README has lost its examples")
names = {}
for code, printed in examples:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, names)
    if output.getvalue() != printed:
        sys.exit(f"the README's example prints\n{output.getvalue()}but the README says\n{printed}")

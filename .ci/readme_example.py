"""Run the README's first Python example where the model is installed, and compare its output with the README's."""

import contextlib
import io
import re
import sys
from pathlib import Path

text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
code, printed = re.search(r"```python\n(.*?)```\s+```\n(.*?)```", text, re.DOTALL).groups()
output = io.StringIO()
with contextlib.redirect_stdout(output):
    exec(code, {})
if output.getvalue() != printed:
    sys.exit(f"the README's example prints\n{output.getvalue()}but the README says\n{printed}")

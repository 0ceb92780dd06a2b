"""Markdown as a page of HTML that needs nothing else: no script, no request to anywhere."""

from html import escape

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
h1, h2 { line-height: 1.2; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border-bottom: 1px solid #bbb; padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; }
@media print { body { margin: 0; max-width: none; } }
"""


def html_page(text: str, language: str) -> str:
    """The page; its title is the first heading. HTML in the text is shown as text."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    title = next(line for line in text.splitlines() if line.startswith("# ")).removeprefix("# ")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{body}</body>\n</html>\n"
    )

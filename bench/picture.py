"""Pictures as SVG, without any library: curves over time, and bars of where time goes. Readable on light and on dark paper."""
import html
import math

INK, PALE, LINES = "#7a7f87", "#7a7f8755", ["#2f7ed8", "#d2691e"]
PALETTE = ["#2f7ed8", "#d2691e", "#3c9d4e", "#a05fb4", "#c0392b", "#7f8c2d", "#1a9a9a", "#b8860b", "#5c6bc0", "#888888", "#cc6677", "#44aa99"]


def text(x, y, words, size=12, anchor="start", colour=INK):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{html.escape(words)}</text>'


def svg(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'font-family="sans-serif">\n' + "\n".join(parts) + "\n</svg>\n")


class Panel:
    def __init__(self, title, xs, lines):
        self.title, self.xs, self.lines = title, xs, lines


def curves(title, unit, panels):
    """One panel below the other over the same time."""
    width, left, high, gap = 860, 60, 110, 40
    parts, y = [text(left, 24, title, 16)], 50
    for panel in panels:
        top = max(max(line) for line in panel.lines) or 1
        step = 10 ** math.floor(math.log10(top))
        top = math.ceil(top / step) * step
        end = max(panel.xs)
        parts.append(text(left, y + 4, panel.title))
        for share in (0, 0.5, 1):
            line_y = y + 14 + high * (1 - share)
            parts.append(f'<line x1="{left}" y1="{line_y:.1f}" x2="{width - 20}" y2="{line_y:.1f}" stroke="{PALE}"/>')
            parts.append(text(left - 6, line_y + 4, f"{top * share:g}", 11, "end"))
        for colour, line in zip(LINES, panel.lines):
            points = " ".join(f"{left + (width - 20 - left) * x / end:.1f},{y + 14 + high * (1 - value / top):.1f}" for x, value in zip(panel.xs, line))
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        y += high + gap
    days = range(0, int(end) + 1, max(1, int(end) // 10))
    parts += [text(left + (width - 20 - left) * day / end, y - 8, str(day), 11, "middle") for day in days]
    parts.append(text(width - 20, y + 8, unit, 11, "end"))
    return svg(width, y + 16, parts)


def bars(title, rows, unit="s CPU"):
    """`rows`: (label, [(part, value)]), each one bar; the same part has the same colour in all."""
    names = list(dict.fromkeys(part for _, parts in rows for part, _ in parts))
    colour = {name: PALETTE[n % len(PALETTE)] for n, name in enumerate(names)}
    width, left, y = 860, 170, 50
    most = max(sum(value for _, value in parts) for _, parts in rows)
    out = [text(20, 24, title, 16)]
    for label, parts in rows:
        x = left
        out.append(text(left - 10, y + 19, label, 13, "end"))
        for part, value in parts:
            wide = (width - 110 - left) * value / most
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="28" fill="{colour[part]}"><title>{html.escape(part)}: {value:.3g} {unit}</title></rect>')
            x += wide
        out.append(text(x + 8, y + 19, f"{sum(value for _, value in parts):.2f} {unit}"))
        y += 42
    y += 10
    for n, name in enumerate(names):
        column, row = n % 2, n // 2
        out.append(f'<rect x="{left + column * 340}" y="{y + row * 20}" width="12" height="12" fill="{colour[name]}"/>')
        out.append(text(left + 18 + column * 340, y + row * 20 + 11, name))
    return svg(width, y + 20 * ((len(names) + 1) // 2) + 10, out)

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How an HTML report looks: on paper, in the dark, and in a narrow window too. */
#include "sink/html_parts.h"

static const char head[] =
	"<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	"'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n";

static const char style[] =
	"<style>\n"
	":root{--page:#fff;--ink:#1b1f24;--soft:#57606a;--rule:#d0d7de;--card:#f6f8fa;"
	"--listen:#0b6bcb;--link:#0a58a8;--conn:#7d4ac7;--wait:#b45f06;--no:#c4161c;--yes:#137333;"
	"--mono:ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,monospace}\n"
	"@media (prefers-color-scheme:dark){:root{--page:#0f1317;--ink:#e6e9ec;--soft:#a3adb8;"
	"--rule:#333b44;--card:#181d23;--listen:#5aa7f5;--link:#7db9f7;--conn:#b694f0;--wait:#"
	"f0a04b;"
	"--no:#ff7b78;--yes:#5fd07a}}\n"
	"@media print{:root{--page:#fff;--ink:#000;--soft:#444;--rule:#bbb;--card:#f4f4f4;"
	"--listen:#0b6bcb;--link:#000;--conn:#7d4ac7;--wait:#b45f06;--no:#c4161c;--yes:#137333}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:64rem;background:var(--page);"
	"color:var(--ink);font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu "
	"Sans\",sans-serif;"
	"overflow-wrap:break-word}\n"
	"h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}\n"
	"h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:1.25rem;border-top:1px solid "
	"var(--rule)}\n"
	"h3{font-size:1.05rem;margin:0 0 .25rem;overflow-wrap:anywhere}\n"
	"p{margin:0 0 .75rem}\na{color:var(--link)}\n"
	"code,.mono{font-family:var(--mono);font-size:.875em;overflow-wrap:anywhere}\n"
	".soft{color:var(--soft)}\n.num{text-align:right;font-variant-numeric:tabular-nums}\n"
	".time{white-space:nowrap;font-variant-numeric:tabular-nums}\n"
	".err{color:var(--no);font-weight:600}.got{color:var(--yes);font-weight:600}\n"
	".scroll{overflow-x:auto}.scroll table{min-width:36rem}.scroll code{overflow-wrap:normal}\n"
	"table{border-collapse:collapse;width:100%;margin:0 0 1rem;font-size:.875rem}\n"
	"caption{text-align:left;font-weight:600;padding:.25rem 0}\n"
	"th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px "
	"solid var(--rule)}\n"
	"th{color:var(--soft);font-weight:600;white-space:nowrap}td:last-child,th:last-child{"
	"padding-right:0}\n"
	"tr:target td,article:target h3{background:var(--card)}\n"
	".facts{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.25rem "
	"0;padding:0;list-style:none}\n"
	".facts li{flex:1 1 8rem;background:var(--card);border:1px solid "
	"var(--rule);border-radius:.5rem;"
	"padding:.6rem .9rem;color:var(--soft);font-size:.875rem}\n"
	".facts "
	"b{display:block;color:var(--ink);font-size:1.5rem;line-height:1.25;font-variant-numeric:"
	"tabular-nums}\n"
	"article{margin:0 0 3rem}\n"
	"dl{display:grid;grid-template-columns:7rem 1fr;gap:.3rem 1rem;margin:.75rem 0 1rem}\n"
	"dt{color:var(--soft)}dd{margin:0;min-width:0}dd ul{margin:0;padding-left:1.1rem}\n"
	".tops{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:0 2rem}\n"
	"figure{margin:1rem 0 .5rem}\nfigure "
	"svg{display:block;width:100%;min-width:44rem;height:auto}\n"
	"details{margin:0 0 1rem}summary{cursor:pointer;color:var(--soft);font-size:.875rem}\n"
	".legend{display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;margin:0 0 "
	"1.5rem;padding:0;list-style:none;"
	"color:var(--soft);font-size:.8125rem}.legend "
	"svg{width:26px;height:14px;vertical-align:-2px;margin-right:.4rem}\n"
	"svg "
	"text{font-family:var(--mono);font-size:12px;fill:var(--ink);paint-order:stroke;stroke:var("
	"--page);stroke-width:4px;stroke-linejoin:round}svg .soft{fill:var(--soft);color:inherit}\n"
	"svg .grid{stroke:var(--rule);stroke-width:1}svg .axis{stroke:var(--soft);stroke-width:1}\n"
	"svg .edge{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}\n"
	".listen{--c:var(--listen)}.conn{--c:var(--conn)}.wait{--c:var(--wait)}.no{--c:var(--no)}."
	"yes{--c:var(--yes)}\n"
	"svg .known{fill:var(--c)}svg "
	".expected{fill:var(--c);fill-opacity:.28;stroke:var(--c);stroke-width:1}\n"
	"svg .maybe{fill:none;stroke:var(--c);stroke-width:1.25;stroke-dasharray:3 3}\n"
	"svg .end{stroke:var(--c);stroke-width:3}svg .more{fill:var(--c)}\n"
	"svg .tick{stroke:var(--no);stroke-width:2}svg .span{fill:var(--no);fill-opacity:.3}\n"
	"svg .won{stroke:var(--yes);stroke-width:1.5;stroke-dasharray:5 3}svg "
	".flag{fill:var(--yes)}\n"
	"footer{margin-top:3rem;padding-top:1rem;border-top:1px solid "
	"var(--rule);color:var(--soft);font-size:.8125rem}\n"
	"@media (max-width:40rem){body{padding:1.25rem 1rem "
	"3rem}dl{grid-template-columns:1fr;gap:0}"
	"dd{margin-bottom:.5rem}.list thead{display:none}.list tr{display:block;padding:.5rem "
	"0;border-bottom:1px solid var(--rule)}"
	".list td{display:block;border:0;padding:.1rem 0;text-align:left}"
	".list td::before{content:attr(data-label) \" \";color:var(--soft)}}\n"
	"@media print{@page{margin:16mm 14mm}body{padding:0;max-width:none;font-size:10.5pt}"
	"*{-webkit-print-color-adjust:exact;print-color-adjust:exact}.scroll{overflow:visible}"
	"figure svg,.scroll table{min-width:0}article{margin:0 0 1.5rem}"
	"h2{margin-top:1.25rem;padding-top:.75rem}footer{margin-top:1rem}a{color:inherit;text-"
	"decoration:none}h2,h3{break-after:avoid}"
	"figure,tr,dl,.facts{break-inside:avoid}details:not([open]){display:none}}\n"
	"</style>\n";

void html_head(struct document *d)
{
	/* the policy comes before anything that it is about */
	text_add(&d->t, "<!doctype html>\n<html lang=\"en\" class=\"bindtrace-report\">\n<head>\n");
	text_add(&d->t, head);
	text_add(&d->t, style);
	document_flush(d);
}

#define SWATCH "<svg viewBox=\"0 0 26 14\" aria-hidden=\"true\">"

void html_legend(struct document *d)
{
	text_add(&d->t,
		 "<ul class=\"legend\">\n"
		 "<li class=\"listen\">" SWATCH
		 "<rect class=\"known\" x=\"1\" y=\"2\" width=\"24\" height=\"10\"/></svg>"
		 "listening or bound</li>\n"
		 "<li class=\"conn\">" SWATCH
		 "<rect class=\"known\" x=\"1\" y=\"2\" width=\"24\" height=\"10\"/></svg>"
		 "a connection</li>\n"
		 "<li class=\"wait\">" SWATCH
		 "<rect class=\"known\" x=\"1\" y=\"2\" width=\"22\" height=\"10\"/>"
		 "<path class=\"end\" d=\"M24 0V14\"/></svg>TIME_WAIT or FIN_WAIT2, and its "
		 "end</li>\n"
		 "<li class=\"wait\">" SWATCH
		 "<rect class=\"expected\" x=\"1\" y=\"2\" width=\"24\" height=\"10\"/></svg>"
		 "computed: after the recording</li>\n"
		 "<li class=\"listen\">" SWATCH
		 "<rect class=\"maybe\" x=\"1\" y=\"2\" width=\"24\" height=\"10\"/></svg>"
		 "not seen: may have been there</li>\n"
		 "<li>" SWATCH
		 "<path class=\"tick\" d=\"M6 1V13\"/><rect class=\"span\" x=\"12\" y=\"2\" "
		 "width=\"12\" height=\"10\"/></svg>refused: then; within that time</li>\n"
		 "<li>" SWATCH
		 "<path class=\"won\" d=\"M13 0V14\"/></svg>somebody got it</li>\n</ul>\n");
	document_flush(d);
}

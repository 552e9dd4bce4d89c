# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
height = 600
load "tests/bench/plots/style.gp"
file = ARG1

set label 1 "Equal refusals are counted, at any rate; different ones fill a CPU, and then some are lost" \
	at screen 0.03,0.955
set label 2 "two processes ask, on two CPUs; solid lines: text, dashed: a recording" at screen 0.03,0.905
set xrange [0.8:1.2e7]
set lmargin at screen 0.09
set rmargin at screen 0.97

rate(series) = strcol("series") eq series ? column("refused") / column("seconds") : NaN
cpu = "0.1 * column('cpu_ms') / column('seconds')"
not_lost = "100.0 * (column('printed') + column('folded')) / column('refused')"
at(series, wanted) = column("wanted") == wanted ? rate(series) : NaN
style = "with linespoints linewidth 2 pointtype 7 pointsize 0.45"
dashed = "dashtype (4,3)"

set multiplot
set logscale y
set yrange [0.03:200]
set xtics ("" 1, "" 10, "" 100, "" 1e3, "" 1e4, "" 1e5, "" 1e6)
set ytics ("0.1 %%" 0.1, "1 %%" 1, "10 %%" 10, "100 %%" 100)
set tmargin at screen 0.815
set bmargin at screen 0.44
set label 3 "the tracer's share of one CPU" at graph 0, graph 1.06 left textcolor rgb ink
plot file using (rate("record-same")):(@cpu) @style linecolor rgb blue @dashed, \
	"" using (rate("text-same")):(@cpu) @style linecolor rgb blue, \
	"" using (rate("record-spread")):(@cpu) @style linecolor rgb orange @dashed, \
	"" using (rate("text-spread")):(@cpu) @style linecolor rgb orange, \
	"" using (at("text-spread", 100)):(@cpu):("each asks for\nanother address") \
		with labels right offset -1,1.5 textcolor rgb orange, \
	"" using (at("text-same", 3000)):(@cpu):("each process asks for the same again and again:\nlooked into at most ten times a second,\nand counted in between") \
		with labels left offset 0,-1.7 textcolor rgb blue, \
	"" using (at("text-same", 1000000)):(@cpu):("this machine\nmakes no more") \
		with labels left offset 1,0.4 textcolor rgb pale

unset label 1
unset label 2
unset logscale y
set yrange [0:108]
set xtics ("1" 1, "10" 10, "100" 100, "1,000" 1e3, "10,000" 1e4, "100,000" 1e5, "1,000,000" 1e6)
set ytics ("0" 0, "50 %%" 50, "100 %%" 100)
set tmargin at screen 0.345
set bmargin at screen 0.135
set xlabel "refusals a second" textcolor rgb ink
set label 3 "of these, told or counted; the rest is lost, and the last line says how many"
plot file using (rate("record-same")):(@not_lost) @style linecolor rgb blue @dashed, \
	"" using (rate("text-same")):(@not_lost) @style linecolor rgb blue, \
	"" using (rate("record-spread")):(@not_lost) @style linecolor rgb orange @dashed, \
	"" using (rate("text-spread")):(@not_lost) @style linecolor rgb orange
unset multiplot

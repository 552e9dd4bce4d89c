# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
load "tests/bench/plots/style.gp"
file = ARG1

set label 1 "Who is refused waits longer the more sockets have the port, up to a millisecond"
set label 2 "how much longer a refused bind() takes with bindtrace than without"
set logscale y
set xrange [0.8:600000]
set yrange [0.3:3000]
set xtics ("1" 1, "10" 10, "100" 100, "1,000" 1e3, "10,000" 1e4, "100,000" 1e5)
set ytics ("1 µs" 1, "10 µs" 10, "100 µs" 100, "1 ms" 1000)
set xlabel "sockets on the port" textcolor rgb ink
set tmargin at screen 0.83
set bmargin at screen 0.16
set lmargin at screen 0.08
set rmargin at screen 0.97

# where the walk ends
set arrow 1 from 8192, graph 0 to 8192, graph 1 nohead linecolor rgb pale linewidth 0.8 dashtype (4,4)
set label 3 "The walk in the refused task ends\nat 8,192 sockets or after 0.8 ms.\nBeyond, the tracer looks up who\nlistens or is bound (TCP)." \
	at 10500, 200 left textcolor rgb pale font ",12"

more(kind, to) = strcol("sockets") eq kind ? (to - column("none_ns")) / 1e3 : NaN
told(kind) = more(kind, column("told_ns"))
counted(kind) = more(kind, column("counted_ns"))
last(kind, n) = strcol("sockets") eq kind && column("holders") == n

plot file using "holders":(told("crowded")) with linespoints linecolor rgb blue linewidth 2 pointtype 7 pointsize 0.45, \
	"" using "holders":(told("grouped")) with linespoints linecolor rgb orange linewidth 2 pointtype 7 pointsize 0.45, \
	"" using "holders":(told("addressed")) with linespoints linecolor rgb green linewidth 2 pointtype 7 pointsize 0.45, \
	"" using "holders":(counted("crowded")) with linespoints linecolor rgb pale linewidth 2 pointtype 7 pointsize 0.45, \
	"" using (last("crowded", 300) ? column("holders") : NaN):(told("crowded")):("TIME_WAIT") \
		with labels left offset 1.5,-0.4 textcolor rgb blue, \
	"" using (last("grouped", 300) ? column("holders") : NaN):(told("grouped")):("listeners that share\nit (SO_REUSEPORT)") \
		with labels right offset -1.5,1 textcolor rgb orange, \
	"" using (last("addressed", 100000) ? column("holders") : NaN):(told("addressed")):("UDP") \
		with labels left offset 1,0 textcolor rgb green, \
	"" using (last("crowded", 100) ? column("holders") : NaN):(counted("crowded")):("a refusal equal to one told a moment ago: only counted") \
		with labels center offset 0,-2 textcolor rgb pale

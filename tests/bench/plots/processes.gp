# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
load "tests/bench/plots/style.gp"
file = ARG1

set label 1 "The more files are open on the machine, the later a refusal is told"
set label 2 "from the end of a refused bind() to its line, nearly all of it CPU time of the tracer; shaded: what 99 of 100 stay below"
set logscale y
set xrange [90:12000]
set yrange [0.005:2000]
set xtics ("100" 100, "200" 200, "500" 500, "1,000" 1000, "2,000" 2000, "5,000" 5000)
set ytics ("10 µs" 0.01, "100 µs" 0.1, "1 ms" 1, "10 ms" 10, "100 ms" 100, "1 s" 1000)
set xlabel "processes on the machine" textcolor rgb ink
set tmargin at screen 0.83
set bmargin at screen 0.16
set lmargin at screen 0.09
set rmargin at screen 0.97

of(files, us) = column("files") == files ? us / 1e3 : NaN
line(files) = of(files, column("line_us"))
most(files) = of(files, column("line_us_99"))
asker(files) = of(files, column("asker_us"))
at(files, wanted) = column("files") == files && column("wanted") == wanted ? column("processes") : NaN

plot file using "processes":(line(100)):(most(100)) with filledcurves linecolor rgb orange fillstyle solid 0.15 noborder, \
	"" using "processes":(line(10)):(most(10)) with filledcurves linecolor rgb blue fillstyle solid 0.15 noborder, \
	"" using "processes":(line(100)) with linespoints linecolor rgb orange linewidth 2 pointtype 7 pointsize 0.45, \
	"" using "processes":(line(10)) with linespoints linecolor rgb blue linewidth 2 pointtype 7 pointsize 0.45, \
	"" using "processes":(asker(10)) with linespoints linecolor rgb pale linewidth 2 pointtype 7 pointsize 0.45, \
	"" using (at(100, 5000)):(line(100)):("100 files open\nin each process") with labels left offset 1,0 textcolor rgb orange, \
	"" using (at(10, 5000)):(line(10)):("10 files") with labels left offset 1,0 textcolor rgb blue, \
	"" using (at(10, 1000)):(asker(10)):("the refused bind() itself, which does not wait for that") \
		with labels center offset 0,1 textcolor rgb pale

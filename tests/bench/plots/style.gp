# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What the plots have in common: few colours, a label at each line, a background of their own where the page is dark.
set datafile separator "\t"
set encoding utf8
if (!exists("height")) height = 480
set terminal svg size 820,height noenhanced font "Helvetica,13" background "#ffffff" linewidth 1.2

ink = "#24292f"
pale = "#6e7781"
blue = "#0969da"
orange = "#bc4c00"
green = "#1a7f37"

set border 3 linecolor rgb "#afb8c1"
set tics nomirror out scale 0.5 textcolor rgb ink
set grid xtics ytics linetype 1 linecolor rgb "#eaeef2" linewidth 0.8
set key off
set logscale x

# with the title on the left, as the eye begins there
set label 1 at screen 0.03,0.945 left textcolor rgb ink font ",17"
set label 2 at screen 0.03,0.885 left textcolor rgb pale font ",12.5"

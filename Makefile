# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
#   sudo make demo    install what the build needs, build, and play the classic
#   sudo make test    all tests, natively and on five kernels in QEMU (KERNEL=6.1 for one of them)
#   make              build ./bindtrace
#   make unit         unit tests only, no root needed
#   make lint         clang-tidy and cppcheck over user space
#   make fuzz SECONDS=600  hostile bytes for every parser
#   sudo make install PREFIX=/usr/local  programs, man pages, completions, units; DESTDIR=, uninstall
#   make deb          a Debian package in build/deb; make static: build/bindtrace-static
#   make CROSS_COMPILE=aarch64-linux-gnu- SYSROOT=DIR  for another machine, in build/arm64; make arm64: with Debian's
#   make format       clang-format over the tree

ifdef CROSS_COMPILE
CC      := $(CROSS_COMPILE)gcc
endif
CC      ?= gcc
CLANG   ?= clang
CFLAGS  ?= -O2 -g
override CFLAGS += $(SYSROOT:%=--sysroot=%) -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -MMD -MP
override CPPFLAGS += -D_GNU_SOURCE= -I. -Iuser -I$(OUT)
LDLIBS  := -lbpf -lelf -lz -ljson-c -lsodium -lcap -lseccomp -lm

# what the compiler makes programs for, as libbpf says it; where that is not this machine, they are made in $(OUT)
libbpf_arch = $(subst x86_64,x86,$(subst aarch64,arm64,$(firstword $(subst -, ,$(1)))))
ARCH    := $(call libbpf_arch,$(shell $(CC) -dumpmachine))
ifeq ($(ARCH),$(call libbpf_arch,$(shell uname -m)))
OUT     := build
else
OUT     := build/$(ARCH)
BIN     := $(OUT)/
endif
export PATH := $(PATH):/usr/sbin:/sbin

# core first: the linker of BPF objects wants to meet the maps before those who use them
# ports is an object of its own: only `bindtrace ports` loads it
PORTS   := bpf/ports.bpf.c
BPF     := bpf/maps.bpf.c $(filter-out bpf/maps.bpf.c $(PORTS),$(wildcard bpf/*.bpf.c))
LAYERS  := base model source enrich verdict sink record cmd export
USER    := $(foreach layer,$(filter-out export,$(LAYERS)),$(wildcard user/$(layer)/*.c))
OBJECTS := $(USER:%.c=$(OUT)/%.o)

# a program of its own: no network library is mapped into the one with power
EXPORT  := $(wildcard user/export/*.c) user/exporter.c
EXPORT_OBJECTS := $(EXPORT:%.c=$(OUT)/%.o)
EXPORT_LIBS := -ljson-c -lmicrohttpd -lcurl -lz -lcap -lseccomp -lpthread -lm

all: $(BIN)bindtrace $(BIN)bindtrace-export

$(BIN)bindtrace: $(OBJECTS) $(OUT)/user/main.o | $(OUT)/layers
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# of the rest of user space it takes what it needs: how recordings are read
$(OUT)/read.a: $(filter $(OUT)/user/base/% $(OUT)/user/model/% $(OUT)/user/source/replay% $(OUT)/user/record/reader%,$(OBJECTS))
	@rm -f $@
	ar rcs $@ $^

$(BIN)bindtrace-export: $(EXPORT_OBJECTS) $(OUT)/read.a | $(OUT)/layers
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(EXPORT_LIBS)

# --- the kernel side: small objects, linked into one skeleton

BPF_OBJECTS := $(BPF:%.c=$(OUT)/%.o)

$(OUT)/bpf/%.o: bpf/%.c
	@mkdir -p $(@D)
	$(CLANG) -g -O2 -target bpf -mcpu=v3 -fno-unroll-loops -D__TARGET_ARCH_$(ARCH) -Wall -Wextra -Wno-unused-parameter -MMD -MP -Ivmlinux -Ibpf -c $< -o $@

$(OUT)/bindtrace.bpf.o: $(BPF_OBJECTS)
	bpftool gen object $@ $^

$(OUT)/bindtrace.skel.h: $(OUT)/bindtrace.bpf.o
	bpftool gen skeleton $< name bindtrace_bpf > $@.new && mv $@.new $@

$(addprefix $(OUT)/user/source/,bpf.o bpf_read.o guarded.o guarded_holders.o rungs.o rung_list.o): $(OUT)/bindtrace.skel.h

$(OUT)/ports.bpf.o: $(PORTS:%.c=$(OUT)/%.o)
	bpftool gen object $@ $^

$(OUT)/ports.skel.h: $(OUT)/ports.bpf.o
	bpftool gen skeleton $< name ports_bpf > $@.new && mv $@.new $@

$(OUT)/user/source/ports.o: $(OUT)/ports.skel.h

# --- user space

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

# An include may only point to a layer further left.
$(OUT)/layers: tests/lint/layers $(wildcard user/*/*.[ch]) user/main.c user/exporter.c
	@mkdir -p $(@D)
	tests/lint/layers $(LAYERS)
	@touch $@

# --- tests (tests/Makefile has their rules)

include tests/Makefile

# --- another machine's, with the libraries that Debian has for it (tests/vm/sysroot)

arm64: arm64-all
arm64-%:
	@tests/tools/packages build cross
	@sysroot=$$(tests/vm/sysroot arm64) && $(MAKE) CROSS_COMPILE=aarch64-linux-gnu- SYSROOT=$$sysroot $*

# --- man pages, make install, make deb (install.mk has their rules)

include install.mk

# --- what a stranger runs

.PHONY: all arm64 demo deps deps-test clean format

deps:
	@tests/tools/packages build
deps-test:
	@tests/tools/packages build test

demo: deps
	@$(MAKE) -s bindtrace bindtrace-export
	@tests/demo/run ./bindtrace

format:
	clang-format -i $(BPF) $(PORTS) bpf/*.h vmlinux/*.h $(wildcard user/*/*.[ch] user/*.c tests/*/*.[ch] man/*.c)

clean:
	rm -rf build bindtrace bindtrace-export

-include $(OBJECTS:.o=.d) $(EXPORT_OBJECTS:.o=.d) $(OUT)/user/main.d $(BPF_OBJECTS:.o=.d) $(PORTS:%.c=$(OUT)/%.d)

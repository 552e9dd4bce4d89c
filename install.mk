# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Man pages, completions, make install, make static, make deb; included by the Makefile above.

PREFIX      ?= /usr/local
SBINDIR     ?= $(PREFIX)/sbin
MANDIR      ?= $(PREFIX)/share/man
DOCDIR      ?= $(PREFIX)/share/doc/bindtrace
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d
UNITDIR     ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
INSTALL     ?= install

VERSION     := $(shell sed -n 's/.*BINDTRACE_VERSION "\(.*\)"/\1/p' user/base/version.h)

# --- man pages and completions: of the tables of options, so that they cannot say anything else

PAGES       := bindtrace.8 bindtrace-export.8 bindtrace-events.7 bindtrace-recording.5
COMPLETIONS := bash zsh fish
PYTHON      := python3 -B

$(OUT)/print-tables: $(OUT)/man/tables.o $(OBJECTS) $(OUT)/export.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(EXPORT_LIBS)

$(OUT)/tables: $(OUT)/print-tables
	$< > $@.new && mv $@.new $@

$(OUT)/man/%.8.scd: man/%.8.scd man/fill.py man/tables.py $(OUT)/tables
	@mkdir -p $(@D)
	$(PYTHON) man/fill.py $< $(VERSION) < $(OUT)/tables > $@.new && mv $@.new $@

$(OUT)/man/bindtrace-events.7.scd: docs/events.md man/from-markdown.py
	@mkdir -p $(@D)
	$(PYTHON) man/from-markdown.py bindtrace-events 7 $(VERSION) "the lines of bindtrace --json and of its recordings" \
		"*bindtrace*(8), *bindtrace-recording*(5)" < $< > $@.new && mv $@.new $@

$(OUT)/man/bindtrace-recording.5.scd: docs/recording.md man/from-markdown.py
	@mkdir -p $(@D)
	$(PYTHON) man/from-markdown.py bindtrace-recording 5 $(VERSION) "recordings of bindtrace: files, seals, and what they prove" \
		"*bindtrace*(8), *bindtrace-events*(7), *sha256sum*(1)" < $< > $@.new && mv $@.new $@

$(PAGES:%=$(OUT)/man/%): %: %.scd
	scdoc < $< > $@.new && mv $@.new $@

$(COMPLETIONS:%=$(OUT)/completion/%): $(OUT)/completion/%: completion/%.py completion/kinds.py man/tables.py $(OUT)/tables
	@mkdir -p $(@D)
	$(PYTHON) $< < $(OUT)/tables > $@.new && mv $@.new $@

man: $(PAGES:%=$(OUT)/man/%)
completions: $(COMPLETIONS:%=$(OUT)/completion/%)

# --- install: the two programs side by side, as one starts the other from where it is itself

UNITS       := $(wildcard deploy/systemd/*.service deploy/systemd/*.socket deploy/systemd/*.timer)
SYSUSERS    := $(firstword $(wildcard deploy/systemd/*sysusers*))
DOCUMENTS   := README.md NEWS $(wildcard docs/*.md docs/*.json docs/*.fields)

# into DIRECTORY, FILES
into = $(INSTALL) -d "$(DESTDIR)$(1)" && $(INSTALL) -m 644 $(2) "$(DESTDIR)$(1)"

install: bindtrace bindtrace-export man completions
	$(INSTALL) -d "$(DESTDIR)$(SBINDIR)" "$(DESTDIR)$(BASHCOMPDIR)" "$(DESTDIR)$(ZSHCOMPDIR)" "$(DESTDIR)$(FISHCOMPDIR)"
	$(INSTALL) bindtrace bindtrace-export "$(DESTDIR)$(SBINDIR)"
	$(foreach n,5 7 8,$(call into,$(MANDIR)/man$(n),$(filter %.$(n),$(PAGES:%=$(OUT)/man/%))) &&) true
	$(INSTALL) -m 644 $(OUT)/completion/bash "$(DESTDIR)$(BASHCOMPDIR)/bindtrace"
	$(INSTALL) -m 644 $(OUT)/completion/zsh "$(DESTDIR)$(ZSHCOMPDIR)/_bindtrace"
	$(INSTALL) -m 644 $(OUT)/completion/fish "$(DESTDIR)$(FISHCOMPDIR)/bindtrace.fish"
	ln -sf bindtrace "$(DESTDIR)$(BASHCOMPDIR)/bindtrace-export"
	ln -sf bindtrace.fish "$(DESTDIR)$(FISHCOMPDIR)/bindtrace-export.fish"
	$(call into,$(DOCDIR),$(DOCUMENTS))
	$(if $(UNITS),$(call into,$(UNITDIR),$(UNITS)))
	$(if $(SYSUSERS),$(INSTALL) -m 644 -D $(SYSUSERS) "$(DESTDIR)$(SYSUSERSDIR)/bindtrace.conf")

# What install has written, and nothing else; directories of its own go when they are empty.
uninstall:
	rm -f $(foreach file, \
		$(addprefix $(SBINDIR)/,bindtrace bindtrace-export) \
		$(foreach n,5 7 8,$(addprefix $(MANDIR)/man$(n)/,$(filter %.$(n),$(PAGES)))) \
		$(addprefix $(BASHCOMPDIR)/,bindtrace bindtrace-export) $(ZSHCOMPDIR)/_bindtrace \
		$(addprefix $(FISHCOMPDIR)/,bindtrace.fish bindtrace-export.fish) \
		$(addprefix $(DOCDIR)/,$(notdir $(DOCUMENTS))) \
		$(addprefix $(UNITDIR)/,$(notdir $(UNITS))) $(if $(SYSUSERS),$(SYSUSERSDIR)/bindtrace.conf), \
		"$(DESTDIR)$(file)")
	[ ! -d "$(DESTDIR)$(DOCDIR)" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$(DOCDIR)"

# --- static: the tracer in one file, for machines that have none of its libraries. Users that are not in /etc/passwd
# it can name only where the same glibc is, which is what the linker would warn of

static: $(OUT)/bindtrace-static

$(OUT)/bindtrace-static: $(OBJECTS) $(OUT)/user/main.o | $(OUT)/layers
	$(CC) $(CFLAGS) $(LDFLAGS) -static -s -Wl,--no-warnings -o $@ $^ $(LDLIBS)

# --- deb: Debian's tools on a copy of what is under version control

deb:
	packaging/deb $(OUT)/deb

.PHONY: man completions install uninstall static deb

-include $(OUT)/man/tables.d

# Thin: every target is one command that can also be typed. `make help` lists them.
SHELL := /bin/bash
MVN = JAVA_HOME="$$(./tirl --find-jdk)" MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow" mvn -B -ntp

.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: demotools build ## the whole story in 15 seconds: shut, knock, open, expired (as root)
	@lab/demo.sh

test: tools ## every test, with namespaces and the real peers (as root)
	@$(MVN) verify

check: maven ## the tests that need no root, about a minute
	@$(MVN) verify -DexcludedGroups=netns

crash: tools ## kill the daemon at POINTS=300 system calls, and look at what is left (as root)
	@$(MVN) -q verify -pl lab -am -Djacoco.skip -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dtest=CrashKillTest -Dtirl.crash.points=$(or $(POINTS),300)

fuzz: build ## look for packets of fwknop's that do harm, for SECONDS=60
	@$(MVN) -q test-compile -pl wire -Dspotless.check.skip
	@lab/fuzz.sh $(or $(SECONDS),60)

bench: tools lab ## all beside knockd and fwknopd in one run, ROWS= some, ROUNDS=30 quick; writes bench/results.md (as root)
	@lab/bench.sh $(ROWS)

soak: tools lab ## honest and hostile packets for MINUTES=30, then what leaked and what was lost (as root)
	@lab/soak.sh

lab: build
	@$(MVN) -q package -DskipTests -Dspotless.check.skip -pl lab -am

microbench: maven ## nanoseconds and octets of one packet, 5 minutes; ARGS=Knock some, ARGS=-h all options of JMH
	@$(MVN) -q test-compile dependency:build-classpath -Dspotless.check.skip -Dmdep.outputFile=target/classpath -pl linux -am
	@lab/microbench.sh $(ARGS)

build: maven ## the program, without tests
	@$(MVN) -q package -DskipTests -Dspotless.check.skip -pl cli -am

dist: demotools build ## a folder and .tar.gz in dist/ that need no Java on the host (as root)
	@packaging/dist.sh

lint: maven ## put the sources into the one format
	@$(MVN) -q spotless:apply

clean: ## remove what was built
	@rm -rf target */target dist

maven:
	@command -v mvn >/dev/null || lab/install-tools.sh maven

tools:
	@lab/install-tools.sh

demotools:
	@lab/install-tools.sh demo

.PHONY: demotools help demo test check crash fuzz bench microbench soak lab build dist lint clean maven tools

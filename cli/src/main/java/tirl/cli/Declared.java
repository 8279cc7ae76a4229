package tirl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command that people wait for: it says what its options are instead of having annotations. For each kind of annotation Java makes a
 * class at run time, and for each field that is set a method handle, which is half of what such a command takes and in no cache.
 * docs/decisions/0042.
 */
interface Declared extends Callable<Integer> {
    CommandSpec declare();
}

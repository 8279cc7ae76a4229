package tirl.lab;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which way the arrows point, read from the compiled classes of all modules. */
class ArchitectureTest {
    static final List<String> MODULES = ConventionsTest.PRODUCT;

    /** Types by which a hidden input comes in: files, network, processes, threads, randomness. */
    private static final Pattern HIDDEN_INPUT = Pattern.compile("java\\.io\\.(?!Serializable).*"
            + "|java\\.nio\\.file\\.(Files|FileSystems)|java\\.nio\\.channels\\..*"
            + "|java\\.net\\.(?!InetAddress|Inet4Address|Inet6Address|UnknownHostException|URLEncoder).*"
            + "|java\\.util\\.(Random|Timer)|java\\.util\\.random\\..*"
            + "|java\\.util\\.concurrent\\.(ThreadLocalRandom|Executors?|ExecutorService|ForkJoinPool)"
            + "|java\\.lang\\.(Thread|Process|ProcessBuilder|Runtime)(\\$.*)?|java\\.time\\.Clock");

    /** Calls by which one comes in through a type that is harmless otherwise. */
    private static final Set<String> HIDDEN_CALLS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            // Being one that hands out given bytes is fine; asking the system for one is not.
            "java.security.SecureRandom.getInstance",
            "java.security.SecureRandom.getInstanceStrong",
            "java.security.SecureRandom.getSeed",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.net.InetAddress.getByName",
            "java.net.InetAddress.getAllByName",
            "java.net.InetAddress.getLocalHost");

    @ParameterizedTest
    @FieldSource("MODULES")
    void packages_haveNoCycles(String module) {
        noCycles(classesOf(module));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wire", "core"})
    void inside_hasNoHiddenInputs(String module) {
        noHiddenInputs(classesOf(module));
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void nativeCalls_areInLinuxOnly(String module) {
        if (!module.equals("linux")) {
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            named(Pattern.compile("java\\.lang\\.foreign\\.(Linker|SymbolLookup)(\\$.*)?")))
                    .orShould()
                    .callMethodWhere(callTo(Set.of("java.lang.foreign.MemorySegment.reinterpret")))
                    .allowEmptyShould(true)
                    .check(classesOf(module));
        }
    }

    /** The rules themselves can fail. */
    @Test
    void plantedFaults_areSeen() {
        JavaClasses planted = new ClassFileImporter().importClasses(AsksTheClock.class, Libc.class, Command.class);

        assertThatThrownBy(() -> noHiddenInputs(planted))
                .hasMessageContaining("Instant.now")
                .hasMessageContaining("SecureRandom.<init>()")
                .hasMessageContaining("ProcessBuilder");
        JavaClasses cyclic =
                new ClassFileImporter().importPackages("org.assertj.core.api", "org.assertj.core.internal");
        assertThatThrownBy(() -> noCycles(cyclic)).hasMessageContaining("Cycle detected");
    }

    private static final class AsksTheClock {
        @SuppressWarnings("unused")
        Instant time() {
            return Instant.now();
        }

        @SuppressWarnings("unused")
        SecureRandom random() {
            return new SecureRandom();
        }
    }

    private static void noHiddenInputs(JavaClasses classes) {
        noClasses()
                .should()
                .dependOnClassesThat(named(HIDDEN_INPUT))
                .orShould()
                .callMethodWhere(callTo(HIDDEN_CALLS))
                .orShould()
                .callConstructor(SecureRandom.class)
                .allowEmptyShould(true)
                .check(classes);
    }

    private static void noCycles(JavaClasses classes) {
        SliceAssignment byPackage = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
        SlicesRuleDefinition.slices()
                .assignedFrom(byPackage)
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(classes);
    }

    private static DescribedPredicate<JavaClass> named(Pattern pattern) {
        return describe(
                "are named " + pattern, type -> pattern.matcher(type.getName()).matches());
    }

    private static DescribedPredicate<JavaAccess<?>> callTo(Set<String> methods) {
        return describe(
                "the target is one of " + methods,
                access -> access.getTarget() instanceof CodeUnitAccessTarget to
                        && methods.contains(to.getOwner().getName() + "." + to.getName()));
    }

    /** Every source file has to have its class here: rules over classes that were not built would all hold. */
    private static JavaClasses classesOf(String module) {
        Path folder = ConventionsTest.REPOSITORY.resolve(module);
        JavaClasses classes = new ClassFileImporter().importPath(folder.resolve("target/classes"));
        Path sources = folder.resolve("src/main/java");
        assertThat(ConventionsTest.mainSources().filter(file -> file.startsWith(sources)))
                .allSatisfy(file -> assertThat(folder.resolve("target/classes")
                                .resolve(sources.relativize(file).toString().replace(".java", ".class")))
                        .matches(built -> file.endsWith("package-info.java") || Files.exists(built), "is built"));
        return classes;
    }
}

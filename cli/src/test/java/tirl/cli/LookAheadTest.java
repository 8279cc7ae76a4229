package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.annotation.Annotation;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.ArgSpec;

class LookAheadTest {
    static Set<String> commands() {
        return Subcommands.all().keySet();
    }

    /** picocli asks for the annotations of each field that is an option or an argument. */
    @ParameterizedTest
    @MethodSource("commands")
    void look_atACommand_isAtAllThatIsAskedLater(String name) {
        Class<?> command = Objects.requireNonNull(Subcommands.all().get(name));
        List<Field> asked =
                Objects.requireNonNull(Main.commandLine(name).getSubcommands().get(name))
                        .getCommandSpec()
                        .args()
                        .stream()
                        .map(ArgSpec::userObject)
                        .filter(Field.class::isInstance) // or a setter, with annotations of the same kinds
                        .map(Field.class::cast)
                        .toList();

        List<Field> looked = LookAhead.look(command);

        // The options that every command has are in picocli's classes.
        Stream<Field> ours =
                asked.stream().filter(field -> field.getDeclaringClass().getModule() == Main.class.getModule());
        assertThat(looked).containsAll(ours.toList());
        assertThat(asked.isEmpty()).isEqualTo(Declared.class.isAssignableFrom(command));
    }

    @Test
    void look_atTheUsualCommands_makesAllKindsOfAnnotations() {
        assertThat(kinds(LookAhead.look(KnockdCommand.class))).contains("Option");
        assertThat(kinds(LookAhead.look(RotateCommand.class))).contains("Parameters");
    }

    private static Set<String> kinds(Collection<Field> fields) {
        return fields.stream()
                .flatMap(field -> Stream.of(field.getAnnotations()))
                .map(Annotation::annotationType)
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
    }

    @Test
    void practise_namedProfile_isRead(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("gate.toml");
        Files.writeString(file, "host = \"gate.example\"\nknock = [\"tcp/7012\"]\n");
        List<String> words = List.of("open", "--profiles", directory.toString(), "gate");
        ProfileOptions options = new ProfileOptions();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> options.practise(words)).hasMessageContaining("may be read by others");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatCode(() -> options.practise(words)).doesNotThrowAnyException();
    }

    /** Its own keys are left alone, and this one's would not do. */
    @Test
    void practise_profileWithKeys_sealsWithThoseOfNobody(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("laptop.toml"), "host = \"gate.example\"\n[spa]\n");
        List<String> words = List.of("open", "laptop", "--profiles", directory.toString());

        assertThatCode(() -> new ProfileOptions().practise(words)).doesNotThrowAnyException();
    }

    @Test
    void practise_noProfileNamed_readsNone(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("other.toml"), "this is no profile");
        List<String> words = List.of("open", "gate", "--profiles", directory.toString());

        assertThatCode(() -> new ProfileOptions().practise(words)).doesNotThrowAnyException();
        assertThatCode(() -> new ProfileOptions().practise(List.of("open", "--profiles")))
                .doesNotThrowAnyException();
    }

    /** Nothing is said, and who asks next meets the same. */
    @Test
    void beside_aCommandThatCannotBeLookedAt_changesNothing() throws Exception {
        Class<?> broken = MethodHandles.lookup()
                .defineClass(ClassFile.of()
                        .build(
                                ClassDesc.of("tirl.cli.Broken"),
                                made -> made.withField("lost", ClassDesc.of("nowhere.Lost"), 0)));
        PrintStream standard = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            LookAhead.beside(broken, "broken").join();
        } finally {
            System.setErr(standard);
        }

        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThatThrownBy(() -> LookAhead.look(broken)).isInstanceOf(NoClassDefFoundError.class);
    }
}

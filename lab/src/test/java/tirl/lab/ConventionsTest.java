package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the house style says about files; what it says about classes is in {@link ArchitectureTest}. */
class ConventionsTest {
    static final Path REPOSITORY = Path.of(System.getProperty("tirl.repository", ".."))
            .toAbsolutePath()
            .normalize();
    static final List<String> PRODUCT = List.of("wire", "core", "linux", "client", "daemon", "cli");

    private static final int LONGEST_FILE = 400;
    private static final int LONGEST_METHOD = 60;
    /** Names that say nothing about what the type is. */
    private static final Pattern EMPTY_NAME =
            Pattern.compile("Abstract.*|.*(Manager|Helper|Helpers|Util|Utils|Impl|Processor|Info)");

    @Test
    void sourceFiles_areShort() {
        assertThat(mainSources().filter(file -> lines(file).size() > LONGEST_FILE))
                .as("files of more than " + LONGEST_FILE + " lines")
                .isEmpty();
    }

    @Test
    void methods_areShort() {
        List<String> tooLong = mainSources()
                .flatMap(file -> MethodLengths.of(text(file)).stream()
                        .filter(method -> method.lines() > LONGEST_METHOD)
                        .map(method ->
                                file + ":" + method.firstLine() + " " + method.name() + " has " + method.lines()))
                .toList();
        assertThat(tooLong)
                .as("methods of more than " + LONGEST_METHOD + " lines")
                .isEmpty();
    }

    /** The counter itself can fail: it sees a planted long method, whatever stands around it, and only that. */
    @Test
    void methodCounter_seesAPlantedLongMethod() {
        String filler = IntStream.range(0, 59)
                .mapToObj(i -> "        i += " + i + ";\n")
                .collect(Collectors.joining());
        String source = """
                package p;
                @NullMarked(value = "{")
                record Planted(int a) {
                    Planted {
                        if (a < 0) { throw new IllegalArgumentException("}"); }
                    }
                    // { a brace in a comment
                    @SuppressWarnings({"x", "y"})
                    <T extends Comparable<T>> void tooLong(T t, int i) throws java.io.IOException, InterruptedException {
                %s    }
                    char brace() { return '{'; }
                    String block() {
                        return \"""
                            { "quoted" \\\""" }
                            \""";
                    }
                }
                """.formatted(filler);

        assertThat(MethodLengths.of(source).stream().map(MethodLengths.Method::name))
                .containsExactly("tooLong", "brace", "block");
        assertThat(MethodLengths.of(source).getFirst().lines()).isEqualTo(LONGEST_METHOD + 1);
    }

    @Test
    void methodCounter_findsTheMethodsOfThisRepository() {
        assertThat(
                        MethodLengths.of(text(REPOSITORY.resolve("wire/src/main/java/tirl/packet/PacketDecoder.java")))
                                .stream()
                                .map(MethodLengths.Method::name))
                .contains("PacketDecoder", "decode", "linkHeader", "ipv4", "ipv6", "transport", "u16")
                .doesNotContain("if", "for", "switch");
    }

    @Test
    void typeNames_saySomething() {
        assertThat(allSources()
                        .map(ConventionsTest::typeName)
                        .filter(name -> EMPTY_NAME.matcher(name).matches()))
                .isEmpty();
    }

    @Test
    void packages_areDescribed() {
        assertThat(mainSources()
                        .filter(file -> !file.endsWith("module-info.java"))
                        .map(Path::getParent)
                        .distinct()
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java"))))
                .as("packages without package-info.java")
                .isEmpty();
    }

    @Test
    void dependencies_areOnTheWrittenList() {
        String list = text(REPOSITORY.resolve("docs/dependencies.md"));
        assertThat(declaredDependencies())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(list).as("docs/dependencies.md").contains(name));
    }

    private static SortedSet<String> declaredDependencies() {
        SortedSet<String> names = new TreeSet<>();
        for (String module :
                Stream.concat(Stream.of(".", "lab"), PRODUCT.stream()).toList()) {
            Path pom = REPOSITORY.resolve(module).resolve("pom.xml");
            Element project = parse(pom);
            // Annotation processors and compiler plug-ins are given as paths.
            for (String kind : List.of("dependency", "path")) {
                NodeList found = project.getElementsByTagName(kind);
                for (int i = 0; i < found.getLength(); i++) {
                    Element declared = (Element) found.item(i);
                    names.add(child(declared, "groupId") + ":" + child(declared, "artifactId"));
                }
            }
        }
        names.removeIf(name -> name.startsWith("tirl:") || name.startsWith("${project.groupId}:"));
        return names;
    }

    private static Element parse(Path pom) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile())
                    .getDocumentElement();
        } catch (Exception e) {
            throw new LabException("could not read " + pom, e);
        }
    }

    private static String child(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent().strip();
    }

    static Stream<Path> mainSources() {
        return allSources().filter(file -> file.toString().contains("/src/main/java/"));
    }

    private static Stream<Path> allSources() {
        return Stream.concat(PRODUCT.stream(), Stream.of("lab"))
                .map(module -> REPOSITORY.resolve(module).resolve("src"))
                .filter(Files::isDirectory)
                .flatMap(ConventionsTest::javaFiles);
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeName(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

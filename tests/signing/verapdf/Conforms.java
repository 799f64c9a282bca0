// Says whether files conform to PDF/A-3a and PDF/UA-1: one line per file, profile and broken rule.
import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Conforms {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean all = true;
        for (String file : files) {
            for (PDFAFlavour flavour : new PDFAFlavour[] {PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1}) {
                try (PDFAParser parser =
                        Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
                        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    all &= result.isCompliant();
                    System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + flavour.getId() + " " + file);
                    for (TestAssertion broken : result.getTestAssertions()) {
                        if (broken.getStatus() == TestAssertion.Status.FAILED) {
                            System.out.println("  " + broken.getRuleId().getClause() + "-"
                                    + broken.getRuleId().getTestNumber() + " " + broken.getMessage()
                                    + " at " + broken.getLocation().getContext());
                        }
                    }
                }
            }
        }
        System.exit(all ? 0 : 1);
    }
}

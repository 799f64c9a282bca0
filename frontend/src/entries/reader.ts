// Only on the reader: PDF.js and the <ec-reader> element.
import "../reader/element";

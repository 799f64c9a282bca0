// What Django's JavaScriptCatalog (/jsi18n/) puts on every page.
declare function gettext(msgid: string): string;
declare function ngettext(singular: string, plural: string, count: number): string;
declare function pgettext(context: string, msgid: string): string;
declare function interpolate(format: string, values: readonly unknown[] | Record<string, unknown>, named?: boolean): string;

"""What a PDF that is written anew may hold, by what each thing is: the whitelist of ``inert``."""

from __future__ import annotations

PACKED = {"/Length", "/Filter", "/DecodeParms", "/DL"}  # how a stream is packed; never where else it lies (/F)

# What it is → its keys that are kept → what each holds. « leaf »: numbers, names, texts, and streams of such.
SHAPES: dict[str, dict[str, str]] = {
    "resources": {
        "/Font": "fonts",
        "/XObject": "drawings",
        "/ExtGState": "states",
        "/Pattern": "patterns",
        **dict.fromkeys(("/ColorSpace", "/Shading", "/Properties", "/ProcSet"), "leaf"),
    },
    "form": {
        "/Resources": "resources",
        **dict.fromkeys(("/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Group"), "leaf"),
    },
    "image": {
        "/SMask": "image",
        "/Mask": "mask",
        **dict.fromkeys(("/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent"), "leaf"),
        **dict.fromkeys(("/Intent", "/ImageMask", "/Decode", "/Interpolate", "/SMaskInData", "/Matte"), "leaf"),
    },
    "pattern": {
        "/Resources": "resources",
        "/ExtGState": "state",
        **dict.fromkeys(("/Type", "/PatternType", "/PaintType", "/TilingType", "/BBox", "/XStep", "/YStep"), "leaf"),
        **dict.fromkeys(("/Matrix", "/Shading"), "leaf"),
    },
    "state": {
        "/SMask": "soft",
        "/Font": "leaf",
        **dict.fromkeys(
            ("/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/OP", "/op", "/OPM", "/BG", "/BG2"), "leaf"
        ),
        **dict.fromkeys(("/UCR", "/UCR2", "/TR", "/TR2", "/HT", "/FL", "/SM", "/SA", "/BM", "/CA", "/ca"), "leaf"),
        **dict.fromkeys(("/AIS", "/TK"), "leaf"),
    },
    "mask of a state": {"/G": "form", **dict.fromkeys(("/Type", "/S", "/BC", "/TR"), "leaf")},
    "font": {
        "/CharProcs": "leaf",
        "/Resources": "resources",
        "/FontDescriptor": "descriptor",
        "/DescendantFonts": "descendants",
        **dict.fromkeys(("/Type", "/Subtype", "/Name", "/BaseFont", "/FirstChar", "/LastChar", "/Widths"), "leaf"),
        **dict.fromkeys(("/Encoding", "/ToUnicode", "/FontBBox", "/FontMatrix", "/CIDSystemInfo"), "leaf"),
        **dict.fromkeys(("/DW", "/W", "/DW2", "/W2", "/CIDToGIDMap"), "leaf"),
    },
    "descriptor": {
        **dict.fromkeys(("/FontFile", "/FontFile2", "/FontFile3"), "program"),
        **dict.fromkeys(("/Type", "/FontName", "/FontFamily", "/FontStretch", "/FontWeight", "/Flags"), "leaf"),
        **dict.fromkeys(("/FontBBox", "/ItalicAngle", "/Ascent", "/Descent", "/Leading", "/CapHeight"), "leaf"),
        **dict.fromkeys(("/XHeight", "/StemV", "/StemH", "/AvgWidth", "/MaxWidth", "/MissingWidth"), "leaf"),
        **dict.fromkeys(("/CharSet", "/Style", "/Lang", "/FD", "/CIDSet"), "leaf"),
    },
    "intent": {
        "/DestOutputProfile": "program",
        **dict.fromkeys(("/Type", "/S", "/OutputCondition", "/OutputConditionIdentifier", "/Info"), "leaf"),
        "/RegistryName": "leaf",
    },
}
MAPS = {"fonts": "font", "drawings": "drawing", "states": "state", "patterns": "pattern"}  # names → things
STREAMS = {"form", "image"}
OF_LEAVES = {
    *("/Type", "/Subtype", "/N", "/Alternate", "/Range", "/Size", "/Length1", "/Length2", "/Length3"),
    *("/FunctionType", "/Domain", "/BitsPerSample", "/Encode", "/Decode", "/Order", "/CMapName", "/CIDSystemInfo"),
    *("/WMode", "/UseCMap", "/ShadingType", "/ColorSpace", "/Background", "/BBox", "/AntiAlias", "/Function"),
    *("/BitsPerCoordinate", "/BitsPerComponent", "/BitsPerFlag", "/VerticesPerRow", "/HalftoneType", "/Width"),
    *("/Height", "/TransferFunction", "/Xsquare", "/Ysquare"),
}

// An Aadhaar number is twelve digits that close with a Verhoeff check digit; once sent only its last four are shown.

const NUMBER = /(^|[^\p{Nd}])([2-9\u0C68-\u0C6F\u0968-\u096F]\p{Nd}{3}[\s-]?\p{Nd}{4}[\s-]?\p{Nd}{4})(?!\p{Nd})/gu;
const ORDER = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

export const maskAadhaar = (words) =>
  words.replace(NUMBER, (whole, before, number) => (isAadhaar(number) ? `${before}XXXX XXXX ${number.slice(-4)}` : whole));

function isAadhaar(number) {
  const digits = Array.from(number.matchAll(/\p{Nd}/gu), ([digit]) => valueOf(digit)).reverse();
  return digits.reduce((sum, digit, place) => multiply(sum, permute(digit, place)), 0) === 0;
}

// Every row of native digits starts at a code point whose last four bits are 6 (Indic) or 0 (ASCII).
function valueOf(digit) {
  const code = digit.codePointAt(0);
  return code < 128 ? code - 48 : (code - 6) & 15;
}

const permute = (digit, place) => (place % 8 === 0 ? digit : permute(ORDER[digit], (place % 8) - 1));

// The dihedral group D5: 0-4 are rotations, 5-9 reflections.
function multiply(a, b) {
  const turn = a < 5 ? a + (b % 5) : a - (b % 5) + 5;
  return (turn % 5) + ((a < 5) === (b < 5) ? 0 : 5);
}

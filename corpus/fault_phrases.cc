// SPDX-License-Identifier: Apache-2.0
#include "corpus/fault_phrases.h"

namespace nelumbo::fault_phrases {

const std::vector<std::string>& open_furniture() {
  static const std::vector<std::string> kLines{
      "Home | Products | Contact us | About us",
      "We use cookies to improve your experience. Accept all",
      "Privacy policy and terms of use",
      "Copyright 2014 Health Portal. All rights reserved.",
      "Sign up for our newsletter",
      "Please enable JavaScript in your browser",
      "Share this on Facebook",
      "Click here to read more"};
  return kLines;
}

const std::vector<std::string>& held_out_furniture() {
  static const std::vector<std::string> kLines{
      "Skip to navigation. You are here: Start > Library > Articles",
      "This website stores data such as cookies to enable site functionality.",
      "By continuing you agree to our Terms of Service",
      "(c) 2021 MedWorld GmbH. Alle Rechte vorbehalten. Imprint",
      "Log in or register to post comments",
      "Like us and follow us on Twitter",
      "Add to cart - only 3 left in stock, free shipping over 50",
      "Related articles: 10 foods that doctors never eat",
      "Your browser is out of date",
      "Print this page. Email to a friend. Back to top"};
  return kLines;
}

const std::vector<std::vector<std::string>>& open_languages() {
  static const std::vector<std::vector<std::string>> kLanguages{
      {"El paciente presenta dolor abdominal y fiebre desde hace tres días.",
       "La presión arterial elevada es un factor de riesgo para las enfermedades del corazón.",
       "Se recomienda que los niños reciban la vacuna antes de entrar en la escuela.",
       "El tratamiento con antibióticos debe durar por lo menos una semana."},
      {"Le patient se plaint de douleurs thoraciques et d'une fatigue depuis deux semaines.",
       "Les résultats de cette étude montrent que le traitement est efficace.",
       "Une alimentation équilibrée est importante pour la santé des enfants.",
       "L'insuffisance rénale peut être causée par une pression artérielle élevée."},
      {"Der Patient klagt seit drei Tagen über starke Schmerzen im rechten Knie.",
       "Die Behandlung mit Antibiotika sollte nicht ohne ärztlichen Rat beendet werden.",
       "Bei Kindern ist die Erkrankung oft mit hohem Fieber verbunden.",
       "Eine gesunde Ernährung und Bewegung senken das Risiko für Herzkrankheiten."},
      {"Пациент жалуется на боль в груди и одышку при физической нагрузке.",
       "Лечение антибиотиками продолжалось в течение двух недель.",
       "Повышенное артериальное давление является фактором риска."}};
  return kLanguages;
}

const std::vector<std::vector<std::string>>& held_out_languages() {
  static const std::vector<std::vector<std::string>> kLanguages{
      {"Il paziente riferisce un dolore al petto che peggiora con lo sforzo.",
       "La malattia colpisce soprattutto gli anziani e i bambini piccoli.",
       "Si consiglia di assumere il farmaco dopo i pasti con molta acqua."},
      {"Pacjent skarży się na silny ból głowy oraz nudności od wczoraj.",
       "Leczenie należy rozpocząć jak najszybciej po rozpoznaniu choroby.",
       "Wysokie ciśnienie krwi zwiększa ryzyko zawału serca i udaru mózgu."},
      {"Potilas valittaa kovaa päänsärkyä ja pahoinvointia eilisestä lähtien.",
       "Korkea verenpaine lisää sydäninfarktin ja aivohalvauksen riskiä.",
       "Hoito tulee aloittaa mahdollisimman pian taudin toteamisen jälkeen."},
      {"Hasta üç gündür devam eden karın ağrısı ve ateşten şikayetçidir.",
       "Yüksek tansiyon kalp hastalıkları açısından önemli bir risk etkenidir.",
       "Tedaviye tanıdan sonra mümkün olan en kısa sürede başlanmalıdır."},
      {"De patiënt heeft sinds drie dagen koorts en pijn in de buik.",
       "Een hoge bloeddruk vergroot de kans op hart- en vaatziekten.",
       "De behandeling moet zo snel mogelijk na de diagnose beginnen."},
      {"O paciente apresenta dor abdominal e febre há três dias.",
       "A pressão alta aumenta o risco de doenças do coração em adultos.",
       "O tratamento deve começar o mais cedo possível após o diagnóstico."},
      {"患者三天来一直腹痛并伴有发热。", "高血压是心脏病的重要危险因素。",
       "确诊后应尽早开始治疗。"},
      {"Ο ασθενής παραπονιέται για πόνο στο στήθος και δύσπνοια.",
       "Η υψηλή αρτηριακή πίεση αυξάνει τον κίνδυνο καρδιακής νόσου.",
       "Η θεραπεία πρέπει να αρχίσει το συντομότερο δυνατό."}};
  return kLanguages;
}

}  // namespace nelumbo::fault_phrases

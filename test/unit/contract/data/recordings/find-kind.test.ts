import { describe, expect, it } from 'vitest';
import { findSignalKind, signalKindOf } from '../../../../../src/contract/data/recordings/find-kind.ts';
import type { SignalKind } from '../../../../../src/contract/data/recordings/signal-kinds.ts';

const axes = (names: string) =>
  names.split(' ').flatMap((name) => ['x', 'y', 'z'].map((axis) => `${name}${axis}`));
const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${name}${at + 1}`);

/** Channels as public datasets and devices name them. */
const lists: [SignalKind, string, string[], (string | null)[]?, number?][] = [
  ['eeg', 'a cap of 19', 'Fp1 Fp2 F7 F3 Fz F4 F8 T3 C3 Cz C4 T4 T5 P3 Pz P4 T6 O1 O2'.split(' ')],
  ['eeg', 'EEGMMI', ['Fc5.', 'Fc3.', 'Fcz.', 'C5..', 'Cz..', 'Cp4.', 'Af7.', 'Iz..']],
  ['eeg', 'TUH', ['EEG FP1-REF', 'EEG FP2-REF', 'EEG T3-REF', 'EKG1-REF', 'PHOTIC-REF']],
  ['eeg', 'CHB-MIT', ['FP1-F7', 'F7-T7', 'T7-P7', 'P7-O1', 'C3-P3', 'ECG']],
  [
    'eeg',
    'Sleep-EDF',
    [
      'EEG Fpz-Cz',
      'EEG Pz-Oz',
      'EOG horizontal',
      'Resp oro-nasal',
      'EMG submental',
      'Temp rectal',
      'Event marker',
    ],
  ],
  [
    'eeg',
    'SHHS',
    ['SaO2', 'H.R.', 'EEG(sec)', 'ECG', 'EMG', 'EOG(L)', 'EOG(R)', 'EEG', 'THOR RES', 'ABDO RES'],
  ],
  ['eeg', 'AASM', ['C3-A2', 'C4-A1', 'O1-A2', 'O2-A1', 'LOC-A2', 'ROC-A1']],
  ['eeg', 'Muse', ['TP9', 'AF7', 'AF8', 'TP10']],
  ['ecg', 'MIT-BIH', ['MLII', 'V5']],
  ['ecg', 'PTB-XL', ['I', 'II', 'III', 'AVR', 'AVL', 'AVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6']],
  ['ecg', 'leads by words', ['Lead I', 'Lead II', 'Lead aVR']],
  ['ecg', 'MIMIC', ['II', 'V', 'PLETH', 'ABP', 'RESP']],
  ['ecg', 'one lead', ['ECG1']],
  ['ecg', 'chest leads in millivolts', ['V1', 'V2'], ['mV', 'mV']],
  ['ecg', 'a wrist', ['BVP']],
  ['emg', 'Myo', numbered('emg', 8)],
  ['emg', 'Ninapro', numbered('EMG_', 10)],
  ['emg', 'gait', ['L Tibialis anterior', 'L Gastrocnemius', 'R Tibialis anterior', 'R Gastrocnemius']],
  ['movement', 'UCI HAR', [...axes('body_acc_'), ...axes('body_gyro_'), ...axes('total_acc_')]],
  ['movement', 'HAPT', [...axes('acc-'), ...axes('gyro-')]],
  [
    'movement',
    'MotionSense',
    [
      'attitude.roll',
      'attitude.pitch',
      'attitude.yaw',
      ...axes('gravity.'),
      ...axes('rotationRate.'),
      ...axes('userAcceleration.'),
    ],
  ],
  [
    'movement',
    'PAMAP2',
    ['heart_rate', 'hand_temperature', ...axes('hand_acc16g_'), ...axes('hand_gyro_'), ...axes('hand_mag_')],
  ],
  ['movement', 'watch', [...axes('a'), ...axes('w')]],
  ['movement', 'glued', ['AccX', 'AccY', 'AccZ', 'GyrX', 'GyrY', 'GyrZ']],
  ['movement', 'small letters', ['accx', 'accy', 'accz', 'gyrox', 'gyroy', 'gyroz']],
  ['movement', 'axes in g', ['x', 'y', 'z'], ['g', 'g', 'g']],
  ['movement', 'axes in m/s²', ['x', 'y', 'z'], ['m/s^2', 'm/s^2', 'm/s^2']],
  ['movement', 'turning', ['x', 'y', 'z'], ['°/s', 'deg/s', 'rad/s']],
  ['vibration', 'CWRU', ['X097_DE_time', 'X097_FE_time', 'X097_BA_time', 'X097RPM'], undefined, 12_000],
  ['vibration', 'IMS', ['Bearing 1', 'Bearing 2', 'Bearing 3', 'Bearing 4'], undefined, 20_480],
  ['vibration', 'an accelerometer on a machine', ['acc_x', 'acc_y', 'acc_z'], ['g', 'g', 'g'], 25_600],
  ['vibration', 'a sound file', ['channel 1', 'channel 2'], undefined, 44_100],
  ['vibration', 'hydrophone', ['H1'], ['µPa'], 500],
  ['vibration', 'motors', ['Motor x', 'Motor y'], ['m/s^2', 'm/s^2'], 500],
  ['vibration', 'motors beside bearings', ['Motor 1', 'Motor 2', 'Bearing 1']],
  ['movement', 'sensors on muscles', ['Tibialis ACC X', 'Tibialis ACC Y', 'Tibialis ACC Z'], ['g', 'g', 'g']],
  ['emg', 'muscles in volts', ['hip flexor', 'knee extensor'], ['mV', 'mV']],
  ['unknown', 'torques of muscles', ['hip flexor', 'knee extensor torque'], ['Nm', 'Nm']],
  ['unknown', 'torques without units', ['hip flexor torque', 'knee extensor torque']],
  ['unknown', 'angles of muscles', ['trunk flexor angle'], ['deg']],
  ['unknown', 'voltage and current', ['V', 'I'], ['V', 'A']],
  ['unknown', 'voltage and current without units', ['V', 'I']],
  ['unknown', 'weights', ['weight'], ['g']],
  ['unknown', 'doses', ['dose 1', 'dose 2', 'dose 3'], ['mg', 'mg', 'mg']],
  ['unknown', 'parts of the brain', ['Motor cortex 1', 'Motor cortex 2']],
  ['unknown', 'motor currents', ['bearing 1', 'pump 2'], ['A', 'A']],
  ['unknown', 'a force plate', ['Fz', 'Tz'], ['N', 'Nm']],
  ['unknown', 'temperatures', ['T1', 'T2', 'T3', 'T4'], ['°C', '°C', '°C', '°C']],
  ['unknown', 'no names', numbered('channel ', 8), undefined, 200],
  ['unknown', 'no names, volts', numbered('channel ', 8), numbered('', 8).map(() => 'µV'), 250],
  ['unknown', 'forces', ['Fx', 'Fy', 'Fz', 'Mx', 'My', 'Mz']],
  ['unknown', 'axes without units', ['x', 'y', 'z'], undefined, 50],
  ['unknown', 'voltages', ['V1', 'V2', 'V3']],
  ['unknown', 'two kinds', [...numbered('EMG', 4), ...axes('acc_'), 'ECG']],
  ['unknown', 'one of many', ['EMG1', 'a', 'b', 'c', 'd']],
  ['unknown', 'weather', ['temperature', 'humidity', 'wind']],
  ['unknown', 'nothing', []],
];

it.each(lists)('%s: %s', (kind, _name, channelNames, channelUnits, samplingRate) => {
  const found = findSignalKind({ channelNames, channelUnits, samplingRate });
  expect(found.kind, found.reason).toBe(kind);
  expect(found.reason).toMatch(/\.$/);
});

describe('its reason', () => {
  it('counts what spoke for it', () => {
    const reasonOf = (names: string[], rate?: number) =>
      findSignalKind({ channelNames: names, samplingRate: rate }).reason;
    expect(reasonOf(['Fp1', 'Fp2', 'Cz'])).toBe('3 of 3 channels bear names of the 10–20 system.');
    expect(reasonOf(['EEG', 'EOG(L)', 'EMG'])).toBe(
      '1 of 3 channels is named as of an EEG; the other 2 go with it.',
    );
    expect(reasonOf(numbered('emg', 8))).toBe('all 8 channels are named as an EMG or after muscles.');
    expect(reasonOf(['acc_x', 'acc_y', 'acc_z', 'temp'], 12_000)).toBe(
      '3 of 4 channels are named as, or in units of, acceleration, turning or direction, and 12,000 values a second are more than bodies need.',
    );
    expect(reasonOf([...numbered('EMG', 4), ...axes('acc_')])).toBe(
      'channels speak for several kinds (EMG: 4, Movement: 3).',
    );
  });
});

describe('what the file or folder is called', () => {
  const of = (source: string, channelNames = ['a', 'b'], channelUnits?: string[]) =>
    findSignalKind({ source, channelNames, channelUnits });

  it('counts where channels say nothing', () => {
    expect(of('data/myo-emg-gestures')).toEqual({
      kind: 'emg',
      reason: '“myo-emg-gestures” is called so; its channels do not say what they measure.',
    });
    expect(of('C:\\study\\EMG_data\\').kind).toBe('emg');
    expect(of('/home/anna/ppg.csv').kind).toBe('ecg');
    expect(of('/d/IMU recordings').kind).toBe('movement');
    expect(of('/d/bearing-2.csv').kind).toBe('vibration');
    expect(of('/d/EEG motor imagery').kind).toBe('eeg');
  });

  it('does not where it names several kinds, or none, or a folder above it', () => {
    for (const source of ['/d/emg and imu', '/d/gestures', '/emg/gestures', '/d/gemgate', '', '/'])
      expect(of(source).kind, source).toBe('unknown');
  });

  it('does not against what channels or units say', () => {
    expect(of('/d/emg', ['acc_x', 'acc_y', 'acc_z']).kind).toBe('movement');
    expect(of('/d/emg', ['EMG1', 'acc_x', 'ECG']).kind).toBe('unknown');
    expect(of('/d/emg', ['knee'], ['Nm']).kind).toBe('unknown');
  });
});

describe('a reason of what is not known', () => {
  const reasonOf = (channelNames: string[], channelUnits?: string[]) =>
    findSignalKind({ channelNames, channelUnits }).reason;

  it('says of places on the head that they may be names of other things', () => {
    expect(reasonOf(['T1', 'T2', 'T3', 'T4'])).toBe(
      'all 4 channels bear names of the 10–20 system, which may be those of other things.',
    );
    expect(reasonOf(['C3'])).toBe(
      'its channel bears a name of the 10–20 system, which may be that of something else.',
    );
    expect(reasonOf(['C3', 'temp'])).toBe(
      '1 of 2 channels bears a name of the 10–20 system, which may be that of something else.',
    );
  });

  it('counts rightly where one or few speak', () => {
    expect(reasonOf(['EMG1', 'a', 'b', 'c'])).toBe('only 1 of 4 channels speaks for “EMG”.');
    expect(reasonOf(['ECG', 'temp'])).toBe('1 of 2 channels is named or measured as an ECG or pulse is.');
    expect(reasonOf(['V', 'I'], ['V', 'A'])).toBe(
      'neither names nor units of the channels say what they measure.',
    );
  });
});

it('is what a person said, and what was found stays known', () => {
  const known = { channelNames: numbered('channel ', 8) };
  expect(signalKindOf(known)).toMatchObject({ kind: 'unknown', isSaid: false });
  expect(signalKindOf(known, 'auto')).toEqual(signalKindOf(known));
  expect(signalKindOf(known, 'emg')).toMatchObject({ kind: 'emg', found: 'unknown', isSaid: true });
});
